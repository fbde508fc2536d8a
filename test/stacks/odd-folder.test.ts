import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sendTestMessages } from '../../lib/operations/test-message.ts';
import { type OwnStack, ownStack } from '../support/own-stack.ts';

/** Every character that one of the services gives a meaning to, in a locale that knows none beyond ASCII. */
const NAME = `with space ünï 日本, ; = $HOME \${x} 'q" & %s #! [a]*`;

let stack: OwnStack;
beforeAll(async () => {
  stack = await ownStack(NAME, { LC_ALL: 'C', LANG: 'C' });
  await stack.start();
});
afterAll(() => stack.dispose());

/** A stack is started twice. */
const STARTS_MS = 400_000;

const around = (): Promise<string[]> => readdir(dirname(stack.dataDir));

it('a folder with any name has all of the stack in it', async () => {
  expect(await around()).toEqual([NAME]);
  expect(await readdir(join(stack.dataDir, 'data'))).toEqual(
    expect.arrayContaining(['kafka', 'redis', 'schema-registry', 'aws']),
  );
  expect(await readdir(join(stack.dataDir, 'data', 'kafka', 'logs'))).toContain('meta.properties');
  expect(await readdir(join(stack.dataDir, 'data', 'redis'))).toContain('appendonly.aof');
  expect(await readdir(join(stack.dataDir, 'data', 'schema-registry'))).toContain('registry.mv.db');
});

it(
  'what was published is there after a stop, and gone after stop --wipe',
  async () => {
    await stack.cli.json('create-topic', 'mine', '1', '-1');
    await sendTestMessages(stack.settings, [{ topic: 'mine', json: '{"a":1}', key: 'k' }]);
    const mine = async (): Promise<number | undefined> =>
      (await stack.cli.json<{ name: string; messages: number }[]>('topics')).find(({ name }) => name === 'mine')
        ?.messages;
    expect(await mine()).toBe(1);
    await stack.cli.run('stop');
    await stack.start();
    expect(await mine()).toBe(1);
    expect(await stack.cli.run('stop', '--wipe', '--yes')).toMatchObject({ code: 0 });
    expect(await around()).toEqual([NAME]);
    expect(await readdir(stack.dataDir)).not.toContain('data');
    await stack.start();
    expect(await mine()).toBeUndefined();
  },
  STARTS_MS,
);

it.each(['a\nb', 'a\\b'])('%j as a name is refused in a sentence, before anything is made', async (name) => {
  const folder = join(dirname(stack.dataDir), name);
  const { code, err } = await stack.cli.run('start', '--data-dir', folder);
  expect(code).not.toBe(0);
  expect(err).toContain(
    'The name of a data folder cannot have a backslash, a line break or another control character.',
  );
  expect(await around()).toEqual([NAME]);
});
