import { describe, expect, it } from 'vitest';
import { type Codec, eventOf, openOutbox } from '../../../lib/events/index.ts';

const VALUE = Buffer.from([0, 0, 0, 0, 7, 1]);
const codec: Codec = {
  encode: async () => VALUE,
  decode: async () => Promise.reject(new Error('not asked for')),
};
const outbox = openOutbox({ registryUrl: 'http://127.0.0.1:9' }, codec);
const scan = () => eventOf('qr.scanned', { qrId: 'qr-1', userId: 'u', action: 'scan' }, { source: 'test' });

/** Writes down what it is asked, and fails at one of the questions. */
const connection = (failsAt?: string) => {
  const asked: { text: string; values: unknown[] }[] = [];
  const query = async (text: string, values: unknown[] = []): Promise<void> => {
    asked.push({ text, values });
    if (failsAt !== undefined && text.startsWith(failsAt)) throw new Error('no');
  };
  return { query, verbs: () => asked.map(({ text }) => text.split(' ')[0]), asked };
};

describe('the outbox', () => {
  it('commits the service’s own change and the event together', async () => {
    const db = connection();
    const result = await outbox.transaction(db, async (add) => {
      await db.query('UPDATE orders');
      await add(scan());
      return 'done';
    });
    expect(result).toBe('done');
    expect(db.verbs()).toEqual(['BEGIN', 'UPDATE', 'INSERT', 'COMMIT']);
  });

  it('rolls both back when the work fails, and tells that error', async () => {
    const db = connection();
    const failing = outbox.transaction(db, async (add) => {
      await add(scan());
      throw new Error('out of stock');
    });
    await expect(failing).rejects.toThrow('out of stock');
    expect(db.verbs()).toEqual(['BEGIN', 'INSERT', 'ROLLBACK']);
  });

  it('tells why the commit failed even when the connection cannot roll back any more', async () => {
    const db = connection('COMMIT');
    await expect(outbox.transaction(db, async (add) => add(scan()))).rejects.toThrow('no');
  });

  it('writes what the publisher would send: topic, key, value and headers', async () => {
    const db = connection();
    const event = scan();
    await outbox.add(db, [event], { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' });
    expect(db.asked[0]?.values).toEqual([
      event.eventId,
      'analytics-events',
      'qr-1',
      'qr.scanned',
      VALUE,
      event.correlationId,
      'application/vnd.confluent.avro',
      '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    ]);
  });
});
