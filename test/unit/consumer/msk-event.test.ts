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
      headers: [{ a: [-61, -68] }, { a: [65] }, { b: null }],
    };
    expect(partitionsOf({ records: { 't-1': [record] } })[0]?.records[0]?.headers).toEqual([
      ['a', Buffer.from('ü')],
      ['a', Buffer.from('A')],
      ['b', Buffer.alloc(0)],
    ]);
  });

  it('is told from anything else somebody invokes the function with', () => {
    for (const other of [{}, null, 'x', { Records: [] }]) {
      expect(() => partitionsOf(JSON.parse(JSON.stringify(other)))).toThrow(/no Kafka event/);
    }
  });
});
