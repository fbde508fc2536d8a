import { encode } from 'fast-png';
import type { Story } from '../draft.ts';
import type { Stage } from '../stage.ts';

const TEMPLATE = {
  name: 'Simulated',
  size: 256,
  margin: 4,
  errorCorrection: 'M',
  foreground: '#000000',
  background: '#ffffff',
  formats: ['png'],
  fileName: '{id}',
};

/** A template is stored, and a batch asked for. */
export function* batches({ dice, person, fresh }: Stage): Story {
  const { userId } = person();
  const [batchId, templateId] = [fresh('batch'), 'simulated'];
  const itemCount = dice.integer(5, 60);
  const items = Array.from({ length: itemCount }, (_, i) =>
    JSON.stringify({ id: String(i + 1), data: `https://qr.example.com/${batchId}/${i + 1}` }),
  );
  yield {
    type: 'bulk.qr.generation.requested',
    payload: { batchId, userId, templateId, itemCount, priority: dice.chance(0.2) ? 'high' : 'normal' },
    props: [
      { key: `templates/${templateId}.json`, body: JSON.stringify(TEMPLATE), contentType: 'application/json' },
      { key: `batches/${batchId}/items.ndjson`, body: `${items.join('\n')}\n`, contentType: 'application/x-ndjson' },
    ],
  };
}

/** A file is uploaded: a list of links, or a logo. */
export function* uploads(stage: Stage): Story {
  const { dice, person, fresh } = stage;
  const { userId } = person();
  const fileId = fresh('file');
  const purpose = dice.pick(['csv-import', 'logo', 'image']);
  const { body, contentType, fileName } = purpose === 'csv-import' ? csv(stage) : logo(stage);
  const key = `uploads/${userId}/${fileId}`;
  yield {
    type: 'file.uploaded',
    payload: { fileId, userId, key, purpose, fileName, templateId: purpose === 'csv-import' ? 'simulated' : null },
    props: [{ key, body, contentType }],
  };
}

const csv = ({ dice }: Stage) => {
  const lines = Array.from({ length: dice.integer(3, 40) }, (_, i) =>
    // Now and then a row without a link.
    dice.chance(0.03) ? `${i + 1},` : `${i + 1},https://qr.example.com/import/${i + 1}`,
  );
  return { body: `id,data\n${lines.join('\n')}\n`, contentType: 'text/csv', fileName: 'links.csv' };
};

const logo = ({ dice }: Stage) => {
  const side = dice.integer(16, 96);
  const data = Uint8Array.from({ length: side * side * 3 }, (_, i) => (i * 7) % 256);
  return {
    body: encode({ width: side, height: side, channels: 3, data }),
    contentType: 'image/png',
    fileName: 'logo.png',
  };
};
