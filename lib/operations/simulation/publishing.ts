import { setTimeout as delay } from 'node:timers/promises';
import { type Publisher, type RawRecord, recordOf } from '../../events/index.ts';
import type { ObjectStore } from '../../stores/objects.ts';
import { type Entry, entryAt } from './book.ts';
import { dueAfter } from './pace.ts';
import type { Step } from './plan.ts';

/** Records under way to the broker; with more, the run waits. */
const UNDER_WAY = 5_000;
const TICK_MS = 20;

export interface PublishingPorts {
  readonly publisher: Publisher;
  readonly objects: ObjectStore;
  readonly signal: AbortSignal;
  readonly onPublished: (entry: Entry) => void;
}

/**
 * Publishes the first `total` steps of a plan over `totalMs`, in their order.
 *
 * @throws what the publisher or the object store throws, once everything under way has ended
 */
export const publishPlan = async (
  steps: Iterator<Step, never>,
  total: number,
  totalMs: number,
  ports: PublishingPorts,
): Promise<void> => {
  const underWay = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const begun = performance.now();
  try {
    for (let sent = 0; sent < total && failures.length === 0 && !ports.signal.aborted; ) {
      const due = Math.min(dueAfter(performance.now() - begun, totalMs, total), sent + UNDER_WAY - underWay.size);
      for (; sent < due; sent += 1) {
        const step = steps.next().value;
        // One after the other up to here, so that what happens to one thing is published in its order.
        const record = await recordOn(step, ports);
        const sending = send(step, record, ports)
          .catch((error: unknown) => failures.push(error))
          .then(() => {
            underWay.delete(sending);
          });
        underWay.add(sending);
      }
      await delay(TICK_MS);
    }
  } finally {
    await Promise.all(underWay);
  }
  if (failures.length > 0) throw failures[0];
};

const recordOn = async (
  { event, props, spoiling }: Step,
  { publisher, objects }: PublishingPorts,
): Promise<RawRecord> => {
  await Promise.all(props.map(({ key, body, contentType }) => objects.put(key, body, { contentType })));
  const record = await recordOf(publisher.codec, event);
  return spoiling?.(record) ?? record;
};

const send = async (
  { event, spoiling }: Step,
  record: RawRecord,
  { publisher, onPublished }: PublishingPorts,
): Promise<void> => {
  const at = Date.now();
  const [published] = await publisher.publishRaw([record]);
  if (published === undefined) throw new RangeError('the publisher did not say where the record lies');
  const eventId = spoiling === undefined ? event.eventId : undefined;
  onPublished(entryAt(published, { key: record.key?.toString() ?? '', eventId, at }));
};
