import { eventOf, openPublisher } from '../events/index.ts';
import type { Settings } from '../settings.ts';
import { openObjects } from '../stores/objects.ts';
import { type DemoFormat, demoItems, demoTemplate } from './demo-items.ts';

/** A batch for the demo. */
export interface DemoBatch {
  readonly batchId: string;
  readonly userId: string;
  readonly items: number;
  readonly formats: readonly DemoFormat[];
  readonly priority: 'normal' | 'high';
}

/** What a service does for a user who asks for a batch; the first step is done, the second is yours to time. */
export interface PreparedBatch {
  /** Publishes the request; done when the broker has acknowledged it. */
  publish(): Promise<void>;
  close(): Promise<void>;
}

/** Uploads the template and the items of a demo batch. */
export const prepareBatch = async (settings: Settings, batch: DemoBatch): Promise<PreparedBatch> => {
  const { batchId, userId, items, formats, priority } = batch;
  const objects = openObjects(settings);
  const templateId = `demo-${formats.join('-')}`;
  try {
    await Promise.all([
      objects.put(`templates/${templateId}.json`, demoTemplate(formats), { contentType: 'application/json' }),
      objects.put(`batches/${batchId}/items.ndjson`, demoItems(batchId, items), {
        contentType: 'application/x-ndjson',
      }),
    ]);
  } finally {
    objects.close();
  }
  const publisher = openPublisher(settings, { clientId: 'qr-demo' });
  const payload = { batchId, userId, templateId, itemCount: items, priority };
  return {
    publish: async () => {
      await publisher.publish(eventOf('bulk.qr.generation.requested', payload, { source: 'demo' }));
    },
    close: () => publisher.close(),
  };
};
