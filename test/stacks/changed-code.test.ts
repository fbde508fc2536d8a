import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePortVariables } from '../support/ports.ts';
import { servicePids } from '../support/processes.ts';
import { addEventType, type ProjectCopy, projectCopy } from '../support/project-copy.ts';

/** A project whose code is changed while its stack runs, in the order of the tests. */

let copy: ProjectCopy;
let env: Readonly<Record<string, string>>;
beforeAll(async () => {
  copy = await projectCopy();
  const dataDir = join(await mkdtemp(join(tmpdir(), 'qr-changed-')), 'data');
  env = { ...(await freePortVariables()), QR_DATA_DIR: dataDir };
});
afterAll(async () => {
  await copy.run(['stop', '--wipe', '--yes'], env);
  await copy.dispose();
  await rm(join(env.QR_DATA_DIR ?? '', '..'), { recursive: true, force: true });
});

const start = () => copy.run(['start', '--engine', 'native'], env);
const pids = () => Object.fromEntries(servicePids(env.QR_DATA_DIR ?? ''));
const changed = (before: Readonly<Record<string, number>>): string[] =>
  Object.entries(pids()).flatMap(([name, pid]) => (before[name] === pid ? [] : [name]));

describe('start, of a stack whose project has changed', () => {
  const NOT_GENERATED =
    /^✗ The event type qr\.archived has no generated schema: .* without npm run generate\.\n {2}Run npm run generate/;

  it('leaves everything alone while nothing has', async () => {
    expect(await start()).toMatchObject({ code: 0 });
    const before = pids();
    const again = await start();
    expect(again).toMatchObject({ code: 0, err: expect.not.stringContaining('older code') });
    expect(changed(before)).toEqual([]);
  });

  it('builds what has, and starts again what runs it, and says so', async () => {
    const before = pids();
    await copy.edit('lib/local/functions/main.ts', (text) => `${text}\n// Another line.\n`);
    const host = await start();
    expect(host).toMatchObject({
      code: 0,
      err: expect.stringContaining('The functions run older code than the project'),
    });
    expect(changed(before)).toEqual(['functions']);

    const next = pids();
    await copy.edit('lib/console/server/main.ts', (text) => text.replace('console on http', 'the console on http'));
    expect((await start()).err).toContain('The console runs older code than the project');
    expect(changed(next)).toEqual(['console']);
  });

  it('begins nothing while an event type has no generated schema, and each command that needs one says so', async () => {
    const before = pids();
    const type = await addEventType(copy);
    const calls = [
      ['start', '--engine', 'native'],
      ['schemas', 'check'],
      ['test-message', 'analytics-events', '{"userId":"u","qrId":"q","action":"scan"}'],
      ['backup', 'create', join(copy.root, 'backup')],
      ['consume', 'analytics-events', '--until-end'],
    ];
    for (const words of calls) {
      const { code, out, err } = await copy.run(words, env);
      expect({ words, code, out, err }).toEqual({ words, code: 1, out: '', err: expect.stringMatching(NOT_GENERATED) });
    }
    expect(changed(before)).toEqual([]);
    expect(type).toBe('qr.archived');
  });

  it('processes events of the new type once it is generated', async () => {
    expect((await copy.generate()).code).toBe(0);
    const started = await start();
    expect(started).toMatchObject({ code: 0, err: expect.stringContaining('older code') });
    const bundle = await readFile(join(copy.root, 'dist', 'functions', 'analytics-events', 'index.mjs'), 'utf8');
    expect(bundle).toContain('QrArchived');
    const known = await copy.run(['schemas', 'list', '--json'], env);
    expect(known.out).toContain('QrArchived');
  });
});

describe('start, where a schema file was changed', () => {
  it('refuses until it is generated', async () => {
    await copy.edit('schemas/qr.archived.avsc', (text) => text.replace('Somebody scanned', 'Somebody archived'));
    const { code, err } = await start();
    expect({ code, err }).toMatchObject({
      code: 1,
      err: expect.stringContaining(
        '✗ lib/events/schemas.generated.ts is not what schemas/*.avsc say.\n  Run npm run generate',
      ),
    });
  });
});
