import { afterAll, beforeAll, expect, it } from 'vitest';
import { SCAN_HANDLERS } from '../../handlers/analytics-events/handlers.ts';
import { FILE_HANDLERS } from '../../handlers/file-processing/handlers.ts';
import { paymentHandlers } from '../../handlers/payment-events/handlers.ts';
import { isTopicName, TOPIC_NAMES, TOPICS, topic as topicNamed } from '../../lib/catalog/index.ts';
import { ignore } from '../../lib/consumer/index.ts';
import { HEADER, headerText, openCodec, openPublisher, openRegistry, recordOf } from '../../lib/events/index.ts';
import { letterIdNow, type RecordStatus, statusesOfRecords, tagOf } from '../../lib/idempotency/index.ts';
import { partitionOf } from '../../lib/kafka/index.ts';
import type { GroupSummary } from '../../lib/operations/groups.ts';
import { type LogRecord, readTopic } from '../../lib/operations/reader.ts';
import { plan } from '../../lib/operations/simulation/plan.ts';
import { stage } from '../../lib/operations/simulation/stage.ts';
import { readLetter } from '../../lib/stores/dead-letters/index.ts';
import { openObjects } from '../../lib/stores/objects.ts';
import { openRedis } from '../../lib/stores/redis.ts';
import { HOSTILE_VALUES } from '../support/hostile.ts';
import { type OwnStack, ownStack } from '../support/own-stack.ts';
import { randomFrom } from '../support/random.ts';
import { until } from '../support/until.ts';
import { CODECS, type Step, type Written } from './plan.ts';
import { PRODUCERS, type Producer } from './producers.ts';

const RECORDS = 10_000;
const HOSTILE = 0.1;
/** Records of one call of a producer; one in three calls is a transaction, one in nine an aborted one. */
const CALL = 250;
const SEED = 14;

let stack: OwnStack;
beforeAll(async () => {
  stack = await ownStack('ten-thousand');
  await Promise.all([stack.start(), ...PRODUCERS.map((producer) => producer.install())]);
});
afterAll(() => stack?.dispose());

/** Event types that need no handling: the functions publish them for others. */
const IGNORED = new Set(
  [SCAN_HANDLERS, FILE_HANDLERS, paymentHandlers()]
    .flatMap((handlers) => Object.entries<unknown>(handlers))
    .flatMap(([type, handler]) => (handler === ignore ? [type] : [])),
);

const random = randomFrom(SEED);
const pick = <Value>(values: readonly Value[]): Value => {
  const found = values[Math.floor(random() * values.length)];
  if (found === undefined) throw new RangeError('nothing to pick from');
  return found;
};

const ODD_HEADERS: Written['headers'] = [
  ['constructor', Buffer.from('1')],
  ['__proto__', null],
  ['x', Buffer.from('1')],
  ['x', Buffer.from('2')],
  ['', Buffer.from([0, 255])],
];

/** What no function can make anything of, for a topic of chance. */
const hostile = (): Written => {
  const topic = pick(TOPIC_NAMES);
  return {
    key: pick([null, Buffer.alloc(0), Buffer.from([0xff, 0xfe]), Buffer.from('x'.repeat(3_000))]),
    value: pick(HOSTILE_VALUES),
    headers: pick([[], ODD_HEADERS, Array.from({ length: 500 }, (_, i) => [`header-${i}`, null] as const)]),
    to: { topic, partition: Math.floor(random() * topicNamed(topic).partitions) },
    ...(random() < 0.3 ? { timestamp: BigInt(Date.now() - Math.floor(random() * 3_000_000)) } : {}),
  };
};

/** A day of the product, one record in ten of it hostile. */
const records = async (): Promise<readonly Written[]> => {
  const publisher = openPublisher(stack.settings, { clientId: 'readers' });
  const objects = openObjects(stack.settings);
  const steps = plan(stage(SEED, 'readrs'), 'readers');
  const made: Written[] = [];
  while (made.length < RECORDS) {
    if (random() < HOSTILE) made.push(hostile());
    else {
      const { event, props } = steps.next().value;
      await Promise.all(props.map(({ key, body, contentType }) => objects.put(key, body, { contentType })));
      const { topic, key, value, headers } = await recordOf(publisher.codec, event);
      if (!isTopicName(topic)) throw new RangeError(`${topic} is not of the catalog`);
      const partition = partitionOf(key ?? Buffer.alloc(0), topicNamed(topic).partitions);
      made.push({ key, value, headers, to: { topic, partition } });
    }
  }
  objects.close();
  await publisher.close();
  return made;
};

/** What one call of a producer does with its records, and which of them count. */
const callOf = (part: readonly Written[], i: number, { transactions }: Producer) => {
  const send: Step = { client: 'a', does: 'send', records: part };
  if (!transactions || i % 3 !== 0) return { steps: [send], visible: part };
  const aborted: Step[] = [{ client: 'a', does: 'begin' }, send, { client: 'a', does: 'abort' }];
  const committed: Step[] = [{ client: 'a', does: 'begin' }, send, { client: 'a', does: 'commit' }];
  // What was aborted is sent again: a publisher that cares does so.
  return { steps: i % 9 === 0 ? [...aborted, ...committed] : committed, visible: part };
};

/** Of a record without a dead letter. */
const fateOf = (status: RecordStatus | undefined, record: LogRecord | undefined) => {
  if (status === 'applied' || status === 'repeat') return 'processed';
  return IGNORED.has(headerText(record?.headers ?? [], HEADER.eventType) ?? '') ? 'ignored' : 'unaccounted';
};

const isCaughtUp = async (): Promise<boolean> => {
  const groups = await stack.cli.json<GroupSummary[]>('groups');
  return TOPICS.every(({ consumerGroup }) => groups.find(({ group }) => group === consumerGroup)?.lag === 0);
};

it('10,000 records of other producers, one in ten hostile: no lag on any topic, and every record is accounted for', async () => {
  const all = await records();
  const producers = PRODUCERS.filter(({ anyBytes }) => anyBytes);
  const target = { brokers: stack.settings.brokers.join(','), topic: 'audit-logs' };
  let sent = 0;
  for (let [from, i] = [0, 0]; from < all.length; from += CALL, i += 1) {
    const producer = pick(producers);
    const { steps, visible } = callOf(all.slice(from, from + CALL), i, producer);
    await producer.write(target, pick(CODECS), steps);
    sent += visible.length;
  }
  expect(sent).toBe(RECORDS);
  await until('every group has processed everything', isCaughtUp, { timeoutMs: 300_000, everyMs: 1_000 });

  const redis = openRedis(stack.settings);
  const codec = openCodec(openRegistry(stack.settings));
  const counts = { processed: 0, ignored: 0, 'dead-lettered': 0, unaccounted: 0 };
  const lost: string[] = [];
  for (const { name, consumerGroup } of TOPICS) {
    const found: LogRecord[] = [];
    await readTopic(stack.settings, name, { from: 'beginning', untilEnd: true }, (record) => found.push(record));
    const known = await Promise.all(
      found.map(async (record) => {
        const event = await codec.decode(record).catch(() => undefined);
        return { topic: name, partition: record.partition, offset: record.offset, tag: tagOf(record, event) };
      }),
    );
    const statuses = await statusesOfRecords(redis, known);
    for (const [i, record] of known.entries()) {
      const isDead = (await readLetter(redis, await letterIdNow(redis, record))) !== undefined;
      const fate = isDead ? 'dead-lettered' : fateOf(statuses[i], found[i]);
      counts[fate] += 1;
      if (fate === 'unaccounted') lost.push(`${name}/${record.partition}/${record.offset} of ${consumerGroup}`);
    }
  }
  redis.disconnect();
  console.log(`${sent} records sent; on the topics, with what came of them: ${JSON.stringify(counts)}`);
  expect(lost).toEqual([]);
  expect(counts['dead-lettered']).toBeGreaterThan(RECORDS * HOSTILE * 0.9);
});
