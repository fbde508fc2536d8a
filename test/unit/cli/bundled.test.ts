import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ProjectCopy, projectCopy } from '../../support/project-copy.ts';

let copy: ProjectCopy;
beforeAll(async () => {
  copy = await projectCopy();
});
afterAll(() => copy.dispose());

const made = (...more: string[]) => join(copy.root, 'dist', 'cli', ...more);
const programs = async (): Promise<string[]> =>
  (await readdir(made(), { withFileTypes: true })).filter((each) => each.isDirectory()).map(({ name }) => name);
const purposeOf = async (): Promise<string> => {
  const { code, out, err } = await copy.run(['--help']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out;
};

it('the program of commands that start at once is made once, and anew when a source has changed', async () => {
  const [first, second] = await Promise.all([purposeOf(), purposeOf()]);
  expect(second).toBe(first);
  const before = await programs();
  expect(before).toHaveLength(1);
  await purposeOf();
  expect(await programs()).toEqual(before);

  await copy.edit('lib/cli/main.ts', (text) => text.replace('Runs and operates', 'Starts and operates'));
  expect(await purposeOf()).toContain('Starts and operates');
  expect(await programs()).toHaveLength(2);
});

it('a project that was copied with its program makes its own', async () => {
  const record = JSON.parse(await readFile(made('made-of.json'), 'utf8'));
  await writeFile(made('made-of.json'), JSON.stringify({ ...record, root: '/elsewhere' }));
  expect(await purposeOf()).toContain('Starts and operates');
  expect(JSON.parse(await readFile(made('made-of.json'), 'utf8'))).toMatchObject({ root: copy.root });
});

it('where no program can be made, as without room, commands run from their sources', async () => {
  await rm(made(), { recursive: true });
  await mkdir(join(copy.root, 'dist'), { recursive: true });
  await writeFile(made(), 'no folder');
  expect(await purposeOf()).toContain('Starts and operates');
});
