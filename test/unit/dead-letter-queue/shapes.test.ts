import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Range } from '../../../handlers/dead-letter-queue/lambda-envelope.ts';
import { lettersIn } from '../../../handlers/dead-letter-queue/shapes.ts';
import type { SourceLog } from '../../../handlers/dead-letter-queue/source-log.ts';
import { PermanentError } from '../../../lib/errors.ts';
import { deadLetter, type Headers, type InboundRecord, putBack } from '../../../lib/events/index.ts';
import { partitionOf } from '../../../lib/kafka/index.ts';

const NONE: SourceLog = { read: async () => [] };
const sample = (name: string): string => readFileSync(new URL(`../../events/${name}.json`, import.meta.url), 'utf8');

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
        ...{ id: 'mytopic-0-15', shape: 'lambda', topic: 'mytopic', partition: 0, offset: 15, consumer: 'mytopic' },
        ...{ errorClass: 'transient', code: 'RETRIES_EXHAUSTED', attempts: 3, redrivable: true },
        lastFailure: '2019-11-14T00:38:06.021Z',
      },
      original: { key: Buffer.from('key'), value: Buffer.from('Hello, this is a test.'), headers: [] },
    };
    const text = sample('on-failure-kafka');
    for (const value of [text, Buffer.from(JSON.stringify(JSON.parse(text))).toString('base64')]) {
      const found = await lettersIn(carrier(value), NONE);
      expect(found).toMatchObject([expected]);
    }
  });

  it('as S3 gets it has a batch as text, with the consumer of the topic', async () => {
    const found = await lettersIn(carrier(sample('on-failure-batch')), NONE);
    expect(found).toMatchObject([
      {
        letter: { id: 'content-1', redriveCount: 2, consumer: 'content-publishers', code: 'RETRIES_EXHAUSTED' },
        original: { value: Buffer.from('a'), headers: [['h', Buffer.from('1')]] },
      },
      { letter: { id: 'content-publishing-0-101', redriveCount: 0 }, original: { key: null, value: null } },
    ]);
  });

  it('without its records has them read again, and those that are gone are lost letters', async () => {
    const { payload: _, ...bare } = JSON.parse(sample('on-failure-batch'));
    const asked: Range[] = [];
    const log: SourceLog = {
      read: async (range) => {
        asked.push(range);
        return [{ ...carrier('found'), topic: range.topic, partition: range.partition, offset: 101 }];
      },
    };
    const found = await lettersIn(carrier(JSON.stringify(bare)), log);
    expect(asked).toEqual([{ topic: 'content-publishing', partition: 0, first: 100, last: 101 }]);
    expect(found).toMatchObject([
      { letter: { id: 'content-publishing-0-100', code: 'RECORD_LOST', redrivable: false } },
      { letter: { id: 'content-publishing-0-101', redrivable: true }, original: { value: Buffer.from('found') } },
    ]);
  });

  it('that does not even say where, is looked for by function and key, and taken only when time and key are right', async () => {
    const { payload: _, ...bare } = JSON.parse(sample('on-failure-kafka'));
    const text = JSON.stringify(bare).replace('function:mytopic', 'function:qr-dev-content-publishing');
    const { timestamp } = bare.KafkaBatchInfo.recordInfo;
    const at = (time: number): SourceLog => ({
      read: async ({ topic, partition, first }) => [
        { ...carrier('found'), topic, partition, offset: first, timestamp: time },
      ],
    });
    const partition = partitionOf(Buffer.from('key'), 5);
    expect(await lettersIn(carrier(text), at(timestamp))).toMatchObject([
      { letter: { id: `content-publishing-${partition}-15`, redrivable: true } },
    ]);
    for (const log of [at(timestamp + 1), NONE]) {
      expect(await lettersIn(carrier(text), log)).toMatchObject([
        {
          letter: { id: 'dead-letter-queue-1-5', code: 'RECORD_LOST', redrivable: false },
          original: { value: Buffer.from(text) },
        },
      ]);
    }
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
});
