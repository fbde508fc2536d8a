import type { Words } from '../wording.ts';

type Names = 'batch-ready' | 'batch-failed' | 'import-ready' | 'file-rejected' | 'export-ready' | 'milestone';

export const batches: Words<Names> = {
  'batch-ready': ({ batchId, itemCount, succeeded, failed }, { link }) => ({
    subject: 'Ihre QR-Codes sind fertig',
    paragraphs: [
      `Stapel ${batchId} ist fertig: ${succeeded} von ${itemCount} Codes sind in der Zip-Datei.`,
      ...(failed === '0'
        ? []
        : [`Nicht erstellt werden konnten: ${failed}; errors.csv in der Zip-Datei nennt die Gründe, Zeile für Zeile.`]),
    ],
    short: `Stapel ${batchId} ist fertig: ${succeeded} von ${itemCount} Codes.`,
    action: { label: 'Zip-Datei herunterladen', url: link('batches', batchId) },
  }),
  'batch-failed': ({ batchId, reason }, { link }) => ({
    subject: 'Ihr Stapel konnte nicht erstellt werden',
    paragraphs: [
      `Stapel ${batchId} konnte nicht erstellt werden.`,
      reason,
      'Bitte verbessern Sie ihn und senden Sie ihn noch einmal.',
    ],
    short: `Stapel ${batchId} konnte nicht erstellt werden: ${reason}`,
    action: { label: 'Stapel ansehen', url: link('batches', batchId) },
  }),
  'import-ready': ({ fileName, batchId, rows, rowErrors }, { link }) => ({
    subject: `${fileName} ist eingelesen`,
    paragraphs: [
      `Aus ${fileName} wurde Stapel ${batchId}; Zeilen: ${rows}.`,
      ...(rowErrors === '0' ? [] : [`Nicht brauchbare Zeilen: ${rowErrors}; der Bericht nennt jede mit ihrem Grund.`]),
    ],
    short: `${fileName}: ${rows} Zeilen werden zu Codes, ${rowErrors} waren nicht brauchbar.`,
    action: { label: 'Stapel verfolgen', url: link('batches', batchId) },
  }),
  'file-rejected': ({ fileName, reason }, { link }) => ({
    subject: `${fileName} ist nicht brauchbar`,
    paragraphs: [`Ihre Datei ${fileName} konnte nicht verwendet werden.`, reason],
    short: `${fileName} konnte nicht verwendet werden: ${reason}`,
    action: { label: 'Andere Datei hochladen', url: link('files') },
  }),
  'export-ready': ({ name, url }, { foreign }) => ({
    subject: `Ihr Export ${name} ist fertig`,
    paragraphs: [`Der Export ${name} kann jetzt heruntergeladen werden.`],
    short: `Ihr Export ${name} ist fertig.`,
    action: { label: 'Herunterladen', url: foreign(url) },
  }),
  milestone: ({ qrId, scans }, { link }) => ({
    subject: `${scans} Scans`,
    paragraphs: [`Ihr Code ${qrId} wurde ${scans} Mal gescannt.`],
    short: `Ihr Code ${qrId} hat ${scans} Scans erreicht.`,
    action: { label: 'Auswertung ansehen', url: link('codes', qrId, 'analytics') },
  }),
};
