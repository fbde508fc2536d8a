import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Range } from '../../../handlers/dead-letter-queue/lambda-envelope.ts';
import { lettersIn } from '../../../handlers/dead-letter-queue/shapes.ts';
import type { SourceLog } from '../../../handlers/dead-letter-queue/source-log.ts';
import { PermanentError } from '../../../lib/errors.ts';
import { deadLetter, firstTimestampOf, type Headers, type InboundRecord, putBack } from '../../../lib/events/index.ts';
import { partitionOf } from '../../../lib/kafka/index.ts';

const NONE: SourceLog = { read: async () => [] };
const sample = (name: string): string => readFileSync(new URL(`../../events/${name}.json`, import.meta.url), 'utf8');

/** A batch of two records, one of which was put back before. */
const batch = {
  eventSource: 'aws:kafka',
  records: {
    'content-publishing-0': [
      {
        ...{ topic: 'content-publishing', partition: 0, offset: 100, timestamp: 1545084650987 },
        ...{ timestampType: 'CREATE_TIME', key: 'a2V5', value: 'YQ==' },
        headers: [
          { h: [-61, -87] },
          { 'dlq-redrive-count': [...Buffer.from('2')] },
          { 'dlq-redrive-of': [...Buffer.from('content-1')] },
        ],
      },
      {
        ...{ topic: 'content-publishing', partition: 0, offset: 101, timestamp: 1545084650988 },
        ...{ timestampType: 'CREATE_TIME', value: null, headers: [] },
      },
    ],
  },
};

const carrier = (value: string | null, headers: Headers = []): InboundRecord => ({
  topic: 'dead-letter-queue',
  partition: 1,
  offset: 5,
  timestamp: Date.parse('2026-01-01T00:00:00Z'),
  key: Buffer.from('key'),
  value: value === null ? null : Buffer.from(value),
  headers,
});

describe('a dead letter of ours', () => {
  const failed = {
    topic: 'content-publishing',
    partition: 2,
    offset: 9,
    key: Buffer.from([0xff]),
    value: Buffer.from([0, 1]),
  };
  const history = {
    attempts: 2,
    firstFailure: '2026-01-01T00:00:00.000Z',
    lastFailure: '2026-01-02T00:00:00.000Z',
  };
  const error = new PermanentError('RULE_VIOLATED', 'It may not.');
  const letterOf = (headers: Headers) => {
    const { topic: _, ...made } = deadLetter({ ...failed, headers }, 'content-publishers', error, history);
    return lettersIn({ ...carrier(null), ...made, partition: 1 }, NONE);
  };

  it('is its record as it was, where it lay and why it failed', async () => {
    const headers: Headers = [
      ['x', Buffer.from('1')],
      ['x', Buffer.from('2')],
    ];
    expect(await letterOf(headers)).toEqual([
      {
        letter: {
          ...{ id: 'content-publishing-2-9', shape: 'ours', topic: 'content-publishing', partition: 2, offset: 9 },
          ...{ consumer: 'content-publishers', errorClass: 'permanent', code: 'RULE_VIOLATED', message: 'It may not.' },
          ...history,
          ...{ redriveCount: 0, redrivable: true },
        },
        original: { key: failed.key, value: failed.value, headers },
      },
    ]);
  });

  it('of a record that was put back is the letter of the place before, without the trace in its headers', async () => {
    const letter = { id: 'content-publishing-2-1', topic: 'content-publishing', redriveCount: 1 };
    const { headers } = putBack(letter, { key: null, value: null, headers: [['x', Buffer.from('1')]] });
    const [found] = await letterOf(headers);
    expect(found).toMatchObject({ letter: { id: 'content-publishing-2-1', redriveCount: 2 } });
    expect(found?.original.headers).toEqual([['x', Buffer.from('1')]]);
  });
});

describe('an envelope of Lambda', () => {
  it('on a Kafka topic has its one record as an object', async () => {
    const expected = {
      letter: {
        ...{ id: 'my-topic-0-100', shape: 'lambda', topic: 'my-topic', partition: 0, offset: 100 },
        ...{ consumer: 'my-function', errorClass: 'transient', code: 'RETRIES_EXHAUSTED', attempts: 3 },
        ...{ lastFailure: '2019-11-14T18:16:05.568Z', redrivable: true },
      },
      original: {
        ...{ key: Buffer.from('test-key'), value: Buffer.from('test-value'), headers: [] },
        timestamp: 1749116692330,
      },
    };
    const text = sample('on-failure-kafka');
    for (const value of [text, Buffer.from(JSON.stringify(JSON.parse(text))).toString('base64')]) {
      const found = await lettersIn(carrier(value), NONE);
      expect(found).toMatchObject([expected]);
    }
  });

  it('as S3 gets it has a batch as text, with the consumer of the topic', async () => {
    const text = JSON.stringify({ ...JSON.parse(sample('on-failure-s3')), payload: JSON.stringify(batch) });
    expect(await lettersIn(carrier(text), NONE)).toMatchObject([
      {
        letter: { id: 'content-1', redriveCount: 2, consumer: 'content-publishers', code: 'RETRIES_EXHAUSTED' },
        original: { value: Buffer.from('a'), headers: [['h', Buffer.from('é')]] },
      },
      { letter: { id: 'content-publishing-0-101', redriveCount: 0 }, original: { key: null, value: null } },
    ]);
  });

  it('without its records has them read again, and those that are gone are lost letters', async () => {
    // SNS and SQS get the envelope without a payload; the sample's offsets are none of Kafka's.
    const { payload: _, ...bare } = JSON.parse(sample('on-failure-s3'));
    const range = bare.KafkaBatchInfo.recordsInfo['Topic-0'];
    for (const offsets of [
      { firstRecordOffset: '100', lastRecordOffset: '101' },
      { firstRecordOffset: 100, lastRecordOffset: 101 },
    ]) {
      const info = { ...bare.KafkaBatchInfo, recordsInfo: { 'content-publishing-0': { ...range, ...offsets } } };
      const asked: Range[] = [];
      const log: SourceLog = {
        read: async (wanted) => {
          asked.push(wanted);
          return [{ ...carrier('found'), topic: wanted.topic, partition: wanted.partition, offset: 101 }];
        },
      };
      const found = await lettersIn(carrier(JSON.stringify({ ...bare, KafkaBatchInfo: info })), log);
      expect(asked).toEqual([{ topic: 'content-publishing', partition: 0, first: 100, last: 101 }]);
      expect(found).toMatchObject([
        { letter: { id: 'content-publishing-0-100', code: 'RECORD_LOST', redrivable: false } },
        { letter: { id: 'content-publishing-0-101', redrivable: true }, original: { value: Buffer.from('found') } },
      ]);
    }
  });

  it('whose offsets are none of Kafka’s, as in AWS’s own sample, is one lost letter', async () => {
    expect(await lettersIn(carrier(sample('on-failure-s3')), NONE)).toMatchObject([
      { letter: { id: 'dead-letter-queue-1-5', code: 'RECORD_LOST', attempts: 1, redrivable: false } },
    ]);
  });

  it('that does not even say where, is looked for by function and key, and taken only when time and key are right', async () => {
    const { payload: _, ...bare } = JSON.parse(sample('on-failure-kafka'));
    const time = Date.parse(bare.KafkaBatchInfo.recordInfo.timestamp);
    const at = (timestamp: number): SourceLog => ({
      read: async ({ topic, partition, first }) => [
        { ...carrier('found'), topic, partition, offset: first, timestamp },
      ],
    });
    const envelopes = [
      { offset: '15', timestamp: '2019-11-14T18:16:04.835Z' },
      { offset: '15', timestamp: String(time) },
      { offset: 15, timestamp: time },
    ].map((recordInfo) =>
      JSON.stringify({ ...bare, KafkaBatchInfo: { ...bare.KafkaBatchInfo, recordInfo } }).replace(
        'function:my-function',
        'function:qr-dev-content-publishing',
      ),
    );
    const partition = partitionOf(Buffer.from('key'), 5);
    for (const text of envelopes) {
      expect(await lettersIn(carrier(text), at(time))).toMatchObject([
        { letter: { id: `content-publishing-${partition}-15`, redrivable: true } },
      ]);
      for (const log of [at(time + 1), NONE]) {
        expect(await lettersIn(carrier(text), log)).toMatchObject([
          {
            letter: { id: 'dead-letter-queue-1-5', code: 'RECORD_LOST', redrivable: false },
            original: { value: Buffer.from(text) },
          },
        ]);
      }
    }
  });

  it.each([
    ['nanoseconds', 1760000000000000000],
    ['before 1970', -62135596800000],
    ['none, as -1', -1],
    ['before any calendar', -9000000000000000],
  ])('whose record has a strange time (%s) has the record all the same', async (_, timestamp) => {
    const envelope = JSON.parse(sample('on-failure-kafka'));
    envelope.payload.records['my-topic-0'][0].timestamp = timestamp;
    envelope.KafkaBatchInfo.recordInfo.timestamp = String(timestamp);
    const [found] = await lettersIn(carrier(JSON.stringify(envelope)), NONE);
    expect(found).toMatchObject({
      letter: { id: 'my-topic-0-100', code: 'RETRIES_EXHAUSTED', redrivable: true },
      original: { value: Buffer.from('test-value'), timestamp },
    });
    // Put back, it is still known as the record it was.
    expect(found && firstTimestampOf({ ...putBack(found.letter, found.original), timestamp: 5 })).toBe(timestamp);
  });

  it('with a condition nobody has documented waits for a person', async () => {
    const text = sample('on-failure-kafka').replace('RetriesExhausted', 'SomethingNew');
    expect(await lettersIn(carrier(text), NONE)).toMatchObject([
      { letter: { errorClass: 'permanent', code: 'SomethingNew' } },
    ]);
  });
});

describe('a dead letter of Kafka Connect', () => {
  it('is its record without the headers of Connect', async () => {
    const errors = Object.entries<string>(JSON.parse(sample('dead-letter-connect')));
    const headers: Headers = [
      ['x', Buffer.from('1')],
      ...errors.map(([name, text]) => [name, Buffer.from(text)] as const),
    ];
    expect(await lettersIn(carrier('v', headers), NONE)).toMatchObject([
      {
        letter: {
          ...{ id: 'analytics-events-3-77', shape: 'connect', consumer: 'connect-rollups-to-postgres' },
          ...{ errorClass: 'permanent', code: 'DataException' },
          message:
            'The connector rollups-to-postgres could not take it (value converter): Converter failed to deserialize',
        },
        original: { value: Buffer.from('v'), headers: [['x', Buffer.from('1')]] },
      },
    ]);
  });
});

describe('anything else', () => {
  it('is kept as it is', async () => {
    const odd = ['{"requestContext":1}', '{"requestContext":{},"KafkaBatchInfo":{}}', '{', 'text', '', null, '[]'];
    for (const value of odd) {
      const record = carrier(value, [['x', Buffer.from('1')]]);
      const [found] = await lettersIn(record, NONE);
      expect(found?.letter).toMatchObject({ id: 'dead-letter-queue-1-5', shape: 'unknown', redrivable: false });
      expect(found?.original).toEqual({ key: record.key, value: record.value, headers: record.headers });
    }
  });

  it('is an envelope whose payload is damaged, too: nothing is guessed of it', async () => {
    const damaged = sample('on-failure-kafka').replace('"partition": 0', '"partition": "0"');
    expect(await lettersIn(carrier(damaged), NONE)).toMatchObject([{ letter: { code: 'RECORD_LOST' } }]);
  });

  it('fails now, as far as its time is none: dead letters expire by it', async () => {
    const before = Date.now();
    const connect = Object.entries<string>(JSON.parse(sample('dead-letter-connect')));
    for (const timestamp of [1760000000000000000, -9000000000000000, -1, 0, before + 86_400_000]) {
      const strange = { ...carrier('x'), timestamp };
      const headers = connect.map(([name, text]) => [name, Buffer.from(text)] as const);
      const ours: Headers = [
        ['dlq-topic', Buffer.from('t')],
        ['dlq-error-code', Buffer.from('INVALID_EVENT')],
      ];
      for (const record of [strange, { ...strange, headers }, { ...strange, headers: ours }]) {
        const [found] = await lettersIn(record, NONE);
        expect(Date.parse(found?.letter.lastFailure ?? '')).toBeGreaterThanOrEqual(before);
        expect(Date.parse(found?.letter.lastFailure ?? '')).toBeLessThanOrEqual(Date.now());
      }
    }
  });
});
