import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectorFiles, planned } from '../../../lib/operations/connectors/index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qr-connectors-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const given = (name: string, text: string): Promise<void> => writeFile(join(folder, `${name}.json`), text);

describe('the configurations of the project', () => {
  it('are taken as they lie there, and hold no secret', async () => {
    const files = await connectorFiles();
    expect(files.map(({ name }) => name)).toContain('outbox');
    for (const { config } of files) {
      for (const [field, value] of Object.entries(config)) {
        if (/password|secret|credential/i.test(field)) expect(value).toMatch(/^\$\{env:QR_CONNECT_\w+\}$/);
      }
    }
  });

  it('say of the outbox’s headers what every record of ours has', async () => {
    const [outbox] = await connectorFiles(['outbox']);
    const placed = outbox?.config['transforms.outbox.table.fields.additional.placement'] ?? '';
    expect(placed.split(',').map((each) => each.split(':').at(-1))).toEqual([
      'event-type',
      'event-id',
      'correlation-id',
      'content-type',
      'traceparent',
    ]);
    const migration = await readFile(join(import.meta.dirname, '../../../connect/migrations/001-outbox.sql'), 'utf8');
    for (const column of placed.split(',').map((each) => each.split(':')[0])) {
      expect(migration).toMatch(new RegExp(`^  ${column} `, 'm'));
    }
  });
});

describe('a configuration file', () => {
  it.each([
    ['what is no JSON', '{', /^connect\/bad.json is no configuration: /],
    ['a list', '[]', 'connect/bad.json is no configuration: it must be a JSON object.'],
    ['a number', '{"connector.class":"A","tasks.max":1}', /tasks\.max must be text in quotes/],
    ['a configuration of nothing', '{"tasks.max":"1"}', /connector\.class is missing/],
  ])('cannot be %s', async (_, text, message) => {
    await given('bad', text);
    await expect(connectorFiles(['bad'], folder)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(message),
    });
  });

  it('that is not there is told with the nearest name', async () => {
    await given('outbox', '{"connector.class":"A"}');
    await expect(connectorFiles(['outbx'], folder)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      next: 'Did you mean outbox?',
    });
  });
});

describe('a plan', () => {
  const file = { name: 'a', config: { 'connector.class': 'A', 'tasks.max': '1', password: 'new' } };

  it('makes what is not there', () => {
    expect(planned(file, undefined)).toMatchObject({ change: 'create' });
  });

  it('leaves alone what is as it should be', () => {
    expect(planned(file, { ...file.config, name: 'a' })).toEqual({ name: 'a', change: 'none', fields: [] });
  });

  it('names the fields that change, come or go, never what is in them', () => {
    const running = { 'connector.class': 'A', name: 'a', password: 'old', gone: 'x' };
    const plan = planned(file, running);
    expect(plan).toEqual({ name: 'a', change: 'update', fields: ['gone', 'password', 'tasks.max'] });
    expect(JSON.stringify(plan)).not.toMatch(/old|new/);
  });
});
