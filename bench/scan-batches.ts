import { topic } from '../lib/catalog/index.ts';
import type { MskEvent } from '../lib/consumer/index.ts';
import { type Codec, eventOf, newEventId, recordOf } from '../lib/events/index.ts';
import { partitionOf } from '../lib/kafka/index.ts';
import type { Draft } from '../lib/operations/simulation/draft.ts';
import { type Stage, stage } from '../lib/operations/simulation/stage.ts';
import { scanning } from '../lib/operations/simulation/stories/scanning.ts';

const NAME = 'analytics-events';
const {
  mapping: { batchSize },
  partitions,
} = topic(NAME);
const SEED = 7;
/** Partitions that a batch has records of. */
const IN_A_BATCH = 5;

export const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

/** The scans of one contender: those of a simulated day, of codes nobody else has. */
export interface World {
  readonly stage: Stage;
  readonly scans: Iterator<Draft, void>;
}

export const newWorld = (): World => {
  const own = stage(SEED, newEventId().slice(-6));
  return { stage: own, scans: endless(own) };
};

function* endless(own: Stage): Generator<Draft, void> {
  for (;;) yield* { [Symbol.iterator]: () => scanning(own) };
}

let offset = Math.floor(Math.random() * 1e12);

/** A batch of fresh scans, encoded, as Lambda hands it over. */
export const batchOf = async (codec: Codec, { stage: { dice }, scans }: World): Promise<MskEvent> => {
  const first = dice.integer(0, partitions - IN_A_BATCH);
  const records = [];
  while (records.length < batchSize) {
    const { value: draft } = scans.next();
    if (draft?.type !== 'qr.scanned') continue;
    const { key, value, headers } = await recordOf(codec, eventOf(draft.type, draft.payload, { source: 'bench' }));
    const place = key === null ? -1 : partitionOf(key, partitions) - first;
    if (place < 0 || place >= IN_A_BATCH) continue;
    records.push({
      topic: NAME,
      partition: 0,
      offset: offset++,
      timestamp: Date.now(),
      key: key?.toString('base64') ?? null,
      value: value?.toString('base64') ?? null,
      headers: headers.map(([name, content]) => ({ [name]: [...content] })),
    });
  }
  return { records: { [`${NAME}-0`]: records } };
};

/** What the batches are like, for the line under the figures. */
export const CONDITIONS = `Batches of ${batchSize} encoded scans of a simulated day, of ${IN_A_BATCH} of ${partitions} partitions each`;
