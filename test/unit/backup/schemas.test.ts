import { describe, expect, it } from 'vitest';
import { framed, unframed } from '../../../lib/events/framing.ts';
import { openGlueRegistry } from '../../../lib/events/glue-registry.ts';
import { eventOf, openCodec } from '../../../lib/events/index.ts';
import { SUBJECTS, schemaTextOf } from '../../../lib/events/schemas.ts';
import { reframed } from '../../../lib/operations/backup/frames.ts';
import { registerAll, schemasIn } from '../../../lib/operations/backup/schemas-copy.ts';
import type { StoredPiece } from '../../../lib/operations/backup/segment.ts';
import { reframedKey, reframedPiece } from '../../../lib/operations/backup/waiting-frames.ts';
import { decoderWith } from '../../../lib/operations/values/decoder.ts';
import { stored, storedFrom } from '../../../lib/scheduler/entry.ts';
import { entryObjects } from '../../../lib/scheduler/index.ts';
import { clientOf } from '../../support/glue-client.ts';
import { glueMemory } from '../../support/glue-memory.ts';

const registryWith = (refuses?: (schema: string) => boolean) =>
  openGlueRegistry('qr-test', clientOf(glueMemory(refuses)).client);

const older = (schema: string): string => JSON.stringify({ ...JSON.parse(schema), doc: 'an older version' });

describe('schemas of a Glue registry', () => {
  it('come into another one in their order, and what was written by them is read there', async () => {
    const before = registryWith();
    const scanned = SUBJECTS.find(({ type }) => type === 'qr.scanned');
    for (const { subject, type } of SUBJECTS.slice(0, 5)) await before.register(subject, schemaTextOf(type));
    for (const schema of [older(schemaTextOf('qr.scanned')), schemaTextOf('qr.scanned')])
      await before.register(scanned?.subject ?? '', schema);
    const copy = await schemasIn(before);
    expect(new Set(copy.map(({ subject }) => subject)).size).toBe(copy.length - 1);

    const after = registryWith();
    const ids = await registerAll(after, copy);
    expect(ids.size).toBe(copy.length);
    const there = await schemasIn(after);
    const known = (all: typeof copy) => all.map(({ subject, version, schema }) => ({ subject, version, schema }));
    expect(known(there)).toEqual(known(copy));
    // A second time nothing is others than it was.
    expect(await registerAll(after, there)).toEqual(new Map());

    const event = eventOf('qr.scanned', { qrId: 'qr-1', userId: 'user-1', action: 'scan' }, { source: 'test' });
    const value = await openCodec(before).encode(event);
    const read = decoderWith(after);
    await expect(read(value, 'analytics-events')).rejects.toMatchObject({ code: 'SCHEMA_UNKNOWN' });
    expect(await read(reframed(value, ids) ?? value, 'analytics-events')).toMatchObject({
      format: 'avro',
      value: { eventId: event.eventId },
      schema: expect.stringMatching(/^Avro schema \S+QrScanned, version \d \(id [0-9a-f-]{36}\)$/),
    });
  });

  it('that do not follow what the other registry has are refused with their name', async () => {
    const schema = schemaTextOf('qr.scanned');
    const after = registryWith((one) => one === older(schema));
    await after.register('scans', schema);
    const wanted = [{ subject: 'scans', version: 1, id: 'x', schema: older(schema) }];
    await expect(registerAll(after, wanted)).rejects.toThrow(/does not take version 1 of scans/);
  });
});

describe('a record that waits to be published', () => {
  const ids = new Map([[7, 9]]);
  const [before, after] = [7, 9].map((id) => framed(id, Buffer.from([1])));
  const record = { topic: 't', key: Buffer.from('k'), value: before ?? null, headers: [] };
  const piece = (key: string, text: string): StoredPiece => ({
    ...{ key, contentType: 'application/json', metadata: {}, isLast: true },
    body: Buffer.from(text),
  });

  it('in the schedule gets the frame of the registry as it is now, in Redis and in its object alike', () => {
    const entry = stored({ key: 'e', dueAt: 5, record }, 3);
    const key = Buffer.from('schedule:{due}:entries');
    const hash = { key, expiresAt: null, type: 'hash', values: [Buffer.from('e'), Buffer.from(entry.text)] };
    const changed = reframedKey({ ...hash, stream: null }, ids);
    const text = changed.values[1]?.toString() ?? '';
    expect(storedFrom(text)).toMatchObject({ key: 'e', dueAt: 5, since: 3, record: { ...record, value: after } });
    const object = reframedPiece(piece(entryObjects('due').keyOf(entry), entry.text), ids);
    expect(object.body.toString()).toBe(text);
    expect(object.key).toBe(entryObjects('due').keyOf({ key: 'e', text }));
    const other = { ...hash, key: Buffer.from('other'), stream: null };
    expect(reframedKey(other, ids)).toBe(other);
  });

  it('as the original of a dead letter does so, too', async () => {
    const layout = { key: null, value: before?.toString('base64'), headers: [] };
    const letter = { id: 'a-0-1', message: 'why' };
    const changed = reframedPiece(piece('dead-letters/a-0-1.json', JSON.stringify({ letter, original: layout })), ids);
    const kept: unknown = JSON.parse(changed.body.toString());
    expect(kept).toEqual({ letter, original: { ...layout, value: after?.toString('base64') } });
    expect(unframed(after ?? Buffer.alloc(0)).schemaId).toBe(9);
    const file = piece('files/a.json', '{}');
    expect(reframedPiece(file, ids)).toBe(file);
  });
});
