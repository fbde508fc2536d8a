import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stackPaths } from '../../../lib/local/paths.ts';
import { SERVICES, servicesWith } from '../../../lib/local/services/index.ts';
import { readExtras, writeExtras } from '../../../lib/local/state.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'qr-extras-'));
  await mkdir(dirname(stackPaths(root).extras), { recursive: true });
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('the optional services of a stack', () => {
  it('are none unless they were asked for', async () => {
    expect(await readExtras(stackPaths(root))).toEqual([]);
    expect(servicesWith([]).map(({ name }) => name)).toEqual([
      'kafka',
      'redis',
      'schema-registry',
      'aws',
      'redis-commander',
    ]);
    expect(servicesWith([], 'docker').map(({ name }) => name)).toContain('kafka-ui');
  });

  it('are remembered, until they are forgotten', async () => {
    const paths = stackPaths(root);
    await writeExtras(paths, ['connect']);
    expect(await readExtras(paths)).toEqual(['connect']);
    await writeExtras(paths, []);
    expect(await readExtras(paths)).toEqual([]);
  });

  it('that this version does not know are left out', async () => {
    const paths = stackPaths(root);
    await writeFile(paths.extras, '["connect","teleport"]');
    expect(await readExtras(paths)).toEqual(['connect']);
    await writeFile(paths.extras, '{');
    expect(await readExtras(paths)).toEqual([]);
  });

  it('stand after what they need, which is in the same group or always there', () => {
    const names = SERVICES.map(({ name }) => name);
    for (const { name, extra, needs = [] } of SERVICES) {
      for (const need of needs) {
        expect(names.indexOf(need)).toBeLessThan(names.indexOf(name));
        expect([undefined, extra]).toContain(SERVICES.find((each) => each.name === need)?.extra);
      }
    }
  });
});
