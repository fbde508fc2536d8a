import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openRegistry, registerSchemas, SUBJECTS, schemaTextOf } from '../../../lib/events/index.ts';
import { testStack } from '../../support/stack.ts';

const { settings } = testStack();

/** A client without memory, so that the registry itself is asked. */
const registry = () => openRegistry(settings);

const recordWith = (...fields: readonly object[]): string =>
  JSON.stringify({ type: 'record', name: 'Thing', namespace: 'test', fields });

const ID = { name: 'id', type: 'string' };
const ADDED = { name: 'note', type: ['null', 'string'], default: null };

describe('the schema registry', () => {
  it('has every schema of the catalog under its topic’s and record’s name', async () => {
    expect(await registry().subjects()).toEqual(expect.arrayContaining(SUBJECTS.map(({ subject }) => subject)));
  });

  it('gives a schema the id it has, however often it is registered', async () => {
    const [first, again] = [await registerSchemas(registry()), await registerSchemas(registry())];
    expect(again).toEqual(first);
    for (const { subject, type } of SUBJECTS) {
      const id = await registry().idOf(subject, schemaTextOf(type));
      expect(first).toContainEqual({ subject, id });
      expect(JSON.parse(await registry().schema(id))).toEqual(JSON.parse(schemaTextOf(type)));
    }
  });

  it('takes a field with a default as a new version and refuses one without, or another type', async () => {
    const subject = `test-${randomUUID()}`;
    await registry().register(subject, recordWith(ID));
    await registry().register(subject, recordWith(ID, ADDED));
    for (const breaking of [recordWith(ID, { name: 'must', type: 'string' }), recordWith({ ...ID, type: 'int' })]) {
      await expect(registry().register(subject, breaking)).rejects.toMatchObject({
        code: 'SCHEMA_INCOMPATIBLE',
        failureClass: 'permanent',
        message: expect.stringMatching(/\(409\)/),
      });
    }
  });

  it('tells the versions of a subject with their ids, and what is asked of the next', async () => {
    const subject = `test-${randomUUID()}`;
    expect(await registry().versions(subject)).toEqual([]);
    expect(await registry().compatibility(subject)).toBe('BACKWARD');
    const first = await registry().register(subject, recordWith(ID));
    const second = await registry().register(subject, recordWith(ID, ADDED));
    expect(await registry().versions(subject)).toEqual([
      { version: 1, id: first },
      { version: 2, id: second },
    ]);
    expect(await registry().compatibility(subject)).toBe('BACKWARD');
    await fetch(`${settings.registryUrl}/config/${subject}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ compatibility: 'FULL' }),
    });
    expect(await registry().compatibility(subject)).toBe('FULL');
  });

  it('refuses what is no schema', async () => {
    await expect(registry().register(`test-${randomUUID()}`, '{"type":"nothing"}')).rejects.toMatchObject({
      code: 'SCHEMA_INCOMPATIBLE',
    });
  });

  it('does not know other ids and subjects, which no retry mends', async () => {
    await expect(registry().schema(4_000_000_000)).rejects.toMatchObject({
      code: 'SCHEMA_UNKNOWN',
      failureClass: 'permanent',
    });
    await expect(registry().idOf(`test-${randomUUID()}`, recordWith(ID))).rejects.toMatchObject({
      code: 'SCHEMA_UNKNOWN',
    });
  });

  it('that does not answer is a transient failure, and is asked again afterwards', async () => {
    const nowhere = openRegistry({ registryUrl: 'http://127.0.0.1:1/apis/ccompat/v7' });
    for (let i = 0; i < 2; i++) {
      await expect(nowhere.schema(1)).rejects.toMatchObject({
        code: 'REGISTRY_UNAVAILABLE',
        failureClass: 'transient',
      });
    }
  });
});
