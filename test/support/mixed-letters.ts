import { randomUUID } from 'node:crypto';
import { isTopicName, topic as topicNamed } from '../../lib/catalog/index.ts';
import { PermanentError } from '../../lib/errors.ts';
import {
  deadLetter,
  type EventOf,
  eventOf,
  type InboundRecord,
  type Publisher,
  type RawRecord,
  recordOf,
} from '../../lib/events/index.ts';
import { birthsOf, identityOf, markDeadLettered } from '../../lib/idempotency/index.ts';
import type { Redis } from '../../lib/stores/redis.ts';

const QUEUE = 'dead-letter-queue';

/** What happens to a failed record until it lies on the queue. */
type Shape = (record: InboundRecord) => RawRecord;

const ours: Shape = (record) => {
  const now = new Date().toISOString();
  const history = { attempts: 1, firstFailure: now, lastFailure: now };
  return deadLetter(record, `test-${record.topic}`, new PermanentError('RULE_VIOLATED', 'Not yet.'), history);
};

const mskRecord = ({ key, value, headers, ...place }: InboundRecord) => ({
  ...{ ...place, timestampType: 'CREATE_TIME', key: key?.toString('base64'), value: value?.toString('base64') },
  headers: headers.map(([name, content]) => ({ [name]: [...content] })),
});

const envelope = (record: InboundRecord, info: object, condition: string, payload: unknown): RawRecord => ({
  ...{ topic: QUEUE, key: record.key, headers: [] },
  value: Buffer.from(
    JSON.stringify({
      requestContext: {
        requestId: randomUUID(),
        functionArn: `arn:aws:lambda:us-east-1:000000000000:function:${record.topic}`,
        ...{ condition, approximateInvokeCount: 3 },
      },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      ...{ version: '1.0', timestamp: new Date().toISOString(), KafkaBatchInfo: { batchSize: 1, ...info }, payload },
    }),
  ),
});

/**
 * As the Lambda Developer Guide shows it for a Kafka topic. With a condition after which it waits for a person: what is put
 * back by itself would be so in the middle of a test on a slow machine.
 */
const lambdaOnKafka: Shape = (record) => {
  const { topic, partition, offset, timestamp } = record;
  const payload = { eventSource: 'aws:kafka', records: { [`${topic}-${partition}`]: [mskRecord(record)] } };
  return envelope(record, { recordInfo: { offset, timestamp } }, 'SomethingNew', payload);
};

/** As it shows it for S3. */
const lambdaOnS3: Shape = (record) => {
  const { topic, partition, offset } = record;
  const payload = { eventSource: 'aws:kafka', records: { [`${topic}-${partition}`]: [mskRecord(record)] } };
  const info = { recordsInfo: { [`${topic}-${partition}`]: { firstRecordOffset: offset, lastRecordOffset: offset } } };
  return envelope(record, info, 'MaximumPayloadSizeExceeded', JSON.stringify(payload));
};

const connect: Shape = ({ topic, partition, offset, key, value, headers }) => ({
  ...{ topic: QUEUE, key, value },
  headers: [
    ...headers,
    ...Object.entries({ topic, partition, offset, 'connector.name': 'test', stage: 'TASK_PUT' }).map(
      ([name, content]) => [`__connect.errors.${name}`, Buffer.from(String(content))] as const,
    ),
    ['__connect.errors.exception.class.name', Buffer.from('org.apache.kafka.connect.errors.DataException')],
  ],
});

const SHAPES: readonly Shape[] = [ours, lambdaOnKafka, lambdaOnS3, connect];

/** What is to be put back, and what comes of it once it is. */
export interface MixedLetters {
  readonly queue: readonly RawRecord[];
  /** Ids of the letters: they are of places that no record ever had. */
  readonly ids: readonly string[];
  /** Those of them that a function of ours would have given up: it would have noted so. */
  readonly givenUp: readonly InboundRecord[];
  /** Scans by code. */
  readonly scans: ReadonlyMap<string, number>;
  /** The user that is told so many things. */
  readonly userId: string;
  readonly told: number;
}

/**
 * So many dead letters, of the shapes in turn: scans as Avro and as bare JSON without an id, and notifications.
 */
export const mixedLetters = async (count: number, { codec }: Publisher): Promise<MixedLetters> => {
  const userId = randomUUID();
  const codes = Array.from({ length: 5 }, () => randomUUID());
  const scans = new Map<string, number>();
  const first = Math.floor(Math.random() * 1e12);
  const records = await Promise.all(
    Array.from({ length: count }, async (_, i): Promise<InboundRecord> => {
      const place = { partition: i % 3, offset: first + i, timestamp: Date.now() };
      if (i % 5 === 0) {
        const data = { qrId: 'qr-1', scans: String(i) };
        const payload = { userId, channel: 'in-app', template: 'milestone', data };
        return { ...(await recordOf(codec, told(payload))), ...place };
      }
      const qrId = codes[i % codes.length] ?? '';
      scans.set(qrId, (scans.get(qrId) ?? 0) + 1);
      const payload = { qrId, userId: `owner-${userId}`, action: 'scan' };
      const made = await recordOf(codec, eventOf('qr.scanned', payload, { source: 'test' }));
      const bare = { ...made, value: Buffer.from(JSON.stringify(payload)), headers: [] };
      return { ...(i % 7 === 0 ? bare : made), ...place };
    }),
  );
  return {
    queue: records.map((record, i) => (SHAPES[i % SHAPES.length] ?? ours)(record)),
    givenUp: records.filter((_, i) => SHAPES[i % SHAPES.length] === ours),
    ids: records.map(({ topic, partition, offset }) => `${topic}-${partition}-${offset}`),
    ...{ scans, userId, told: Math.ceil(count / 5) },
  };
};

const told = (payload: Parameters<typeof eventOf<'notification.requested'>>[1]): EventOf =>
  eventOf('notification.requested', payload, { source: 'test' });

/** Notes of records that a function has given up, as the harness does it. */
export const markGivenUp = async (redis: Redis, records: readonly InboundRecord[]): Promise<void> => {
  await Promise.all(
    records.map(async (record) => {
      if (!isTopicName(record.topic)) return;
      const births = await birthsOf(redis, record.topic, record.partition);
      const entry = { identity: identityOf(record, undefined), log: { births, start: 0, first: 0 } };
      await markDeadLettered(redis, topicNamed(record.topic), entry);
    }),
  );
};
