import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../../lib/functions/index.ts';
import { run } from '../../lib/local/run.ts';
import { environmentOf } from '../../lib/settings.ts';
import { runPython } from '../support/python.ts';
import { testStack } from '../support/stack.ts';

const { settings } = testStack();
let folder: string;
let readme: string;

beforeAll(async () => {
  readme = await readFile(join(PROJECT_ROOT, 'README.md'), 'utf8');
  // Inside the project, because the TypeScript example imports from it.
  folder = await mkdtemp(join(PROJECT_ROOT, '.readme-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The one block of this language, written to a file. */
const exampleFile = async (language: string, file: string, change: (text: string) => string): Promise<string> => {
  const blocks = [...readme.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, 'g'))];
  expect(blocks).toHaveLength(1);
  const path = join(folder, file);
  await writeFile(path, change(blocks[0]?.[1] ?? ''));
  return path;
};

const PUBLISHED = /^analytics-events \[\d+\] @ \d+$/m;

describe('the README', () => {
  it('publishes from TypeScript as printed', async () => {
    const path = await exampleFile('ts', 'publish.ts', (text) => text.replaceAll("'./lib/", "'../lib/"));
    const { output } = await run(process.execPath, ['--import', 'tsx', path], {
      env: { ...process.env, ...environmentOf(settings) },
    });
    expect(output).toMatch(PUBLISHED);
  });

  it('publishes from Python as printed', async () => {
    const path = await exampleFile('python', 'publish.py', (text) =>
      text
        .replace('http://localhost:8081/apis/ccompat/v7', settings.registryUrl)
        .replace('localhost:9092', settings.brokers.join(',')),
    );
    expect(await runPython(path)).toMatch(PUBLISHED);
  });
});
