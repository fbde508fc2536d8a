import { randomUUID } from 'node:crypto';
import { topic } from '../lib/catalog/index.ts';
import type { MskEvent } from '../lib/consumer/index.ts';
import { type Codec, type EventOf, eventOf, partitionOf, recordOf } from '../lib/events/index.ts';
import { randomFrom } from '../test/support/random.ts';

const NAME = 'analytics-events';
const {
  mapping: { batchSize },
  partitions,
} = topic(NAME);
const CODES = 2_000;
const USERS = 200;
/** A fifth of the codes gets four fifths of the scans. */
const SKEW = Math.log(0.2) / Math.log(0.8);
/** Partitions that a batch has records of. */
const IN_A_BATCH = 5;

const random = randomFrom(7);
const pick = <Value>(values: readonly Value[], skew = 1): Value => {
  const value = values[Math.floor(random() ** skew * values.length)];
  if (value === undefined) throw new Error('nothing to pick from');
  return value;
};
export const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

const AGENTS = numbers(60).flatMap((i) => [
  `Mozilla/5.0 (iPhone; CPU iPhone OS 17_${i % 6} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.${i} Mobile/15E148 Safari/604.1`,
  `Mozilla/5.0 (Linux; Android 14; Pixel ${i}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.${i}.0 Mobile Safari/537.36`,
  `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.${i}.0 Safari/537.36`,
]);
const BOT = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';
const COUNTRIES = ['DE', 'US', 'FR', 'GB', 'ES', 'IT', 'PL', 'NL', 'AT', 'CH'];
const SITES = numbers(30).map((i) => `https://www.site-${i}.example/page?id=${i}`);

/** Codes of one contender: skewed, a few of them get most of the scans. */
export interface World {
  readonly codes: readonly { readonly qrId: string; readonly userId: string }[];
}

export const newWorld = (): World => {
  const users = numbers(USERS).map(() => randomUUID());
  return { codes: numbers(CODES).map((i) => ({ qrId: randomUUID(), userId: users[i % USERS] ?? '' })) };
};

const scanOf = (codes: World['codes']): EventOf =>
  eventOf(
    'qr.scanned',
    {
      ...pick(codes, SKEW),
      action: 'scan',
      ip: `198.51.${Math.floor(random() * 256)}.${Math.floor(random() * 256)}`,
      userAgent: random() < 0.08 ? BOT : pick(AGENTS, 2),
      referrer: random() < 0.6 ? null : pick(SITES, 2),
      country: pick(COUNTRIES, 2),
      city: 'Somewhere',
    },
    { source: 'bench' },
  );

let offset = Math.floor(Math.random() * 1e12);

/** A batch of fresh scans, encoded, as Lambda hands it over. */
export const batchOf = async (codec: Codec, world: World): Promise<MskEvent> => {
  const first = Math.floor(random() * (partitions - IN_A_BATCH));
  const codes = world.codes.filter(({ qrId }) => {
    const place = partitionOf(Buffer.from(qrId), partitions) - first;
    return place >= 0 && place < IN_A_BATCH;
  });
  const records = await Promise.all(
    numbers(batchSize).map(async () => {
      const { key, value, headers } = await recordOf(codec, scanOf(codes));
      return {
        topic: NAME,
        partition: 0,
        offset: offset++,
        timestamp: Date.now(),
        key: key?.toString('base64') ?? null,
        value: value?.toString('base64') ?? null,
        headers: headers.map(([name, content]) => ({ [name]: [...content] })),
      };
    }),
  );
  return { records: { [`${NAME}-0`]: records } };
};

/** What the batches are like, for the line under the figures. */
export const CONDITIONS =
  `Batches of ${batchSize} encoded scans of ${CODES} codes of ${USERS} users, a fifth of the codes with four fifths of the ` +
  `scans, of ${IN_A_BATCH} of ${partitions} partitions each`;
