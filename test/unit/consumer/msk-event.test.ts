import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { partitionsOf } from '../../../lib/consumer/msk-event.ts';

const sample = JSON.parse(readFileSync(new URL('../../events/msk.json', import.meta.url), 'utf8'));

describe('an event of Amazon MSK', () => {
  it('as AWS documents it gives its records with bytes decoded', () => {
    const [partition] = partitionsOf(sample);
    expect(partition?.id).toBe('mytopic-0');
    expect(partition?.records).toEqual([
      {
        topic: 'mytopic',
        partition: 0,
        offset: 15,
        timestamp: 1545084650987,
        key: Buffer.from('abcDEFghiJKLmnoPQRstuVWXyz1234==', 'base64'),
        value: Buffer.from('Hello, this is a test.'),
        headers: [['headerKey', Buffer.from('headerValue')]],
      },
    ]);
  });

  it('may lack keys, values and headers', () => {
    const bare = { topic: 't', partition: 1, offset: 2, timestamp: 3, value: null };
    expect(partitionsOf({ records: { 't-1': [bare, { ...bare, key: null, headers: null }] } })[0]?.records).toEqual(
      Array.from({ length: 2 }, () => ({ ...bare, key: null, headers: [] })),
    );
  });

  it('has header bytes as the JVM writes them, from -128 to 127', () => {
    const record = {
      topic: 't',
      partition: 1,
      offset: 2,
      timestamp: 3,
      headers: [
        // aws-powertools/powertools-lambda-python#6862
        { 'test-header': [104, 101, 108, 108, 111, 45, 119, 111, 114, 108, 100, -61, -85] },
        // aws/aws-lambda-go, events/testdata/kafka-event.json
        { headerKey: [118, -36, 0, 127, -128] },
        { a: [65] },
        { b: null },
      ],
    };
    expect(partitionsOf({ records: { 't-1': [record] } })[0]?.records[0]?.headers).toEqual([
      ['test-header', Buffer.from('hello-worldë')],
      ['headerKey', Buffer.from([118, 220, 0, 127, 128])],
      ['a', Buffer.from('A')],
      ['b', Buffer.alloc(0)],
    ]);
  });

  it('has header bytes from 0 to 255 where another sender writes them so', () => {
    const all = Array.from({ length: 256 }, (_, byte) => byte);
    const headers = [{ unsigned: all }, { signed: [...new Int8Array(Buffer.from(all))] }];
    const record = { topic: 't', partition: 1, offset: 2, timestamp: 3, headers };
    expect(partitionsOf({ records: { 't-1': [record] } })[0]?.records[0]?.headers).toEqual([
      ['unsigned', Buffer.from(all)],
      ['signed', Buffer.from(all)],
    ]);
  });

  it('is told from anything else somebody invokes the function with', () => {
    for (const other of [{}, null, 'x', { Records: [] }]) {
      expect(() => partitionsOf(JSON.parse(JSON.stringify(other)))).toThrow(/no Kafka event/);
    }
  });
});
