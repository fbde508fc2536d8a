import type { Words } from '../wording.ts';

type Names = 'batch-ready' | 'batch-failed' | 'import-ready' | 'file-rejected' | 'export-ready' | 'milestone';

export const batches: Words<Names> = {
  'batch-ready': ({ batchId, itemCount, succeeded, failed }, { link }) => ({
    subject: 'Your QR codes are ready',
    paragraphs: [
      `Batch ${batchId} is done: ${succeeded} of ${itemCount} codes are in the zip.`,
      ...(failed === '0' ? [] : [`${failed} could not be made; errors.csv in the zip says why, line by line.`]),
    ],
    short: `Batch ${batchId} is ready: ${succeeded} of ${itemCount} codes.`,
    action: { label: 'Download the zip', url: link('batches', batchId) },
  }),
  'batch-failed': ({ batchId, reason }, { link }) => ({
    subject: 'Your batch could not be made',
    paragraphs: [`Batch ${batchId} could not be made.`, reason, 'Mend it and send it again.'],
    short: `Batch ${batchId} could not be made: ${reason}`,
    action: { label: 'Look at the batch', url: link('batches', batchId) },
  }),
  'import-ready': ({ fileName, batchId, rows, rowErrors }, { link }) => ({
    subject: `${fileName} has been read`,
    paragraphs: [
      `${rows} rows of ${fileName} have become batch ${batchId}.`,
      ...(rowErrors === '0' ? [] : [`${rowErrors} rows could not be used; the report names each with its reason.`]),
    ],
    short: `${fileName}: ${rows} rows are being made into codes, ${rowErrors} could not be used.`,
    action: { label: 'Watch the batch', url: link('batches', batchId) },
  }),
  'file-rejected': ({ fileName, reason }, { link }) => ({
    subject: `${fileName} could not be used`,
    paragraphs: [`Your file ${fileName} could not be used.`, reason],
    short: `${fileName} could not be used: ${reason}`,
    action: { label: 'Upload another', url: link('files') },
  }),
  'export-ready': ({ name, url }, { foreign }) => ({
    subject: `Your export ${name} is ready`,
    paragraphs: [`The export ${name} can be downloaded now.`],
    short: `Your export ${name} is ready.`,
    action: { label: 'Download', url: foreign(url) },
  }),
  milestone: ({ qrId, scans }, { link }) => ({
    subject: `${scans} scans`,
    paragraphs: [`Your code ${qrId} has been scanned ${scans} times.`],
    short: `Your code ${qrId} has reached ${scans} scans.`,
    action: { label: 'See who scans it', url: link('codes', qrId, 'analytics') },
  }),
};
