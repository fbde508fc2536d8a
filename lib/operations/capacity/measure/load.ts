import { setTimeout as delay } from 'node:timers/promises';
import { TOPICS } from '../../../catalog/index.ts';
import { newEventId, openPublisher, type Publisher, recordOf } from '../../../events/index.ts';
import type { Admin } from '../../../kafka/index.ts';
import type { Settings } from '../../../settings.ts';
import { openObjects } from '../../../stores/objects.ts';
import { withAdmin } from '../../cluster.ts';
import { catalogProgress } from '../../groups.ts';
import { plan, type Step } from '../../simulation/plan.ts';
import { stage } from '../../simulation/stage.ts';
import { type Records, recordsFrom } from '../mix.ts';
import { type Played, played } from './played.ts';

export interface LoadOptions {
  readonly events: number;
  readonly seed: number;
  /** Ends the publishing early; what is published by then is still waited for. */
  readonly signal: AbortSignal;
  readonly onState: (published: number, lag: number) => void;
}

/** A load that was played, and what the topics got of it. */
export interface Load extends Played {
  /** Seconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** Records of each topic, follow-ups among them. */
  readonly records: Records;
}

const BATCH = 500;
/** With more that is not processed yet, the publisher waits: so the stack has what it can carry, and no more. */
const MOST_LAG = 4_000;
const LOOK_MS = 250;
/** Follow-ups come a moment after what they follow. */
const QUIET_LOOKS = 8;

/**
 * Publishes a simulated day's events as fast as the stack processes them, and waits until all are processed.
 *
 * @throws StreamError when the stack does not answer
 */
export const playLoad = async (settings: Settings, { events, seed, signal, onState }: LoadOptions): Promise<Load> => {
  const publisher = openPublisher(settings, { clientId: 'qr-capacity' });
  const objects = openObjects(settings);
  const run = newEventId();
  const steps = plan(stage(seed, run.slice(-6)), run);
  const tally = played();
  const from = Date.now() / 1_000;
  try {
    return await withAdmin(settings, async (admin) => {
      const before = await endsOf(admin);
      let published = 0;
      const lagNow = async (): Promise<number> => {
        const lag = (await catalogProgress(admin)).reduce((sum, one) => sum + one.lag, 0);
        onState(published, lag);
        return lag;
      };
      while (published < events && !signal.aborted) {
        while ((await lagNow()) > MOST_LAG && !signal.aborted) await delay(LOOK_MS);
        const batch = Array.from({ length: Math.min(BATCH, events - published) }, () => steps.next().value);
        for (const { props } of batch) {
          await Promise.all(props.map(({ key, body, contentType }) => objects.put(key, body, { contentType })));
        }
        await publisher.publishRaw(await Promise.all(batch.map((step) => recordOn(step, publisher))));
        for (const step of batch) tally.add(step);
        published += batch.length;
      }
      for (let quiet = 0; quiet < QUIET_LOOKS; ) {
        quiet = (await lagNow()) === 0 ? quiet + 1 : 0;
        await delay(LOOK_MS);
      }
      const after = await endsOf(admin);
      const records = recordsFrom((name) => (after.get(name) ?? 0) - (before.get(name) ?? 0));
      return { ...tally.found(), from, to: Date.now() / 1_000, records };
    });
  } finally {
    objects.close();
    await publisher.close();
  }
};

const recordOn = async ({ event, spoiling }: Step, { codec }: Publisher) => {
  const record = await recordOf(codec, event);
  return spoiling?.(record) ?? record;
};

/** Records that each topic has ever had. */
const endsOf = async (admin: Admin): Promise<ReadonlyMap<string, number>> => {
  const partitions = await catalogProgress(admin);
  return new Map(
    TOPICS.map(({ name }) => [name, partitions.reduce((sum, { topic, end }) => (topic === name ? sum + end : sum), 0)]),
  );
};
