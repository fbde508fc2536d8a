import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { declared } from '../../../lib/cli/commands/completion.ts';
import { COMMANDS } from '../../../lib/cli/commands/index.ts';
import { EXIT, EXIT_MEANINGS } from '../../../lib/cli/exit-codes.ts';
import { exitCodeOf } from '../../../lib/cli/failure.ts';
import { endingCode } from '../../../lib/cli/interrupt.ts';
import { ERROR_CODES, StreamError } from '../../../lib/errors.ts';

const ROOT = join(import.meta.dirname, '../../..');
const DOCS = readFileSync(join(ROOT, 'docs/commands.md'), 'utf8');

/** Commands without --json, and why. */
const WITHOUT_JSON: Readonly<Record<string, string>> = {
  logs: 'prints a file as it is',
  completion: 'prints a script for a shell',
};

/** A command and all below it that do something: groups of commands have no flags and do nothing. */
const acting = (command: Command, path: string): readonly { path: string; flags: readonly string[] }[] => [
  ...(command.commands.length > 0 && command.options.length === 0
    ? []
    : [{ path, flags: command.options.map(({ long }) => long ?? '') }]),
  ...command.commands.flatMap((each) => acting(each, `${path} ${each.name()}`)),
];

describe('every command', () => {
  it('takes --json, but for those that print something of its own form', async () => {
    const all = (await declared(COMMANDS)).flatMap(({ entry, command }) => acting(command, entry.name));
    const without = all.filter(({ flags }) => !flags.includes('--json')).map(({ path }) => path);
    expect(without).toEqual(Object.keys(WITHOUT_JSON));
  }, 60_000);
});

describe('exit codes', () => {
  it('are those of the table in docs/commands.md', () => {
    const rows = [...DOCS.matchAll(/^\| (\d+) +\| (.+?) +\|$/gm)].map(([, code, text]) => [Number(code), text]);
    expect(rows).toEqual(
      Object.entries(EXIT_MEANINGS).map(([name, text]) => [
        Object.entries(EXIT).find(([key]) => key === name)?.[1],
        text,
      ]),
    );
  });

  it('are the only ones that the command line sets', () => {
    const known: readonly number[] = Object.values(EXIT);
    const sources = readdirSync(join(ROOT, 'lib/cli'), { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.ts'),
    );
    const set = sources.flatMap((path) =>
      [...readFileSync(join(ROOT, 'lib/cli', path), 'utf8').matchAll(/process\.exit(?:Code = |\()(\d+)/g)].map(
        ([, code]) => Number(code),
      ),
    );
    expect(set.filter((code) => !known.includes(code))).toEqual([]);
  });

  it.each(Object.keys(ERROR_CODES))('tell a wrong call from a failure: %s', (name) => {
    for (const code of Object.keys(ERROR_CODES).filter((each): each is keyof typeof ERROR_CODES => each === name)) {
      expect(exitCodeOf(new StreamError(code, 'x'))).toBe(code === 'USAGE' ? EXIT.usage : EXIT.failed);
    }
  });

  it('is 1 for what nobody foresaw', () => expect(exitCodeOf(new TypeError('x'))).toBe(EXIT.failed));

  it('is 130 when Ctrl-C left something undone, and what the command says otherwise', () => {
    expect(endingCode(EXIT.failed, true)).toBe(EXIT.interrupted);
    expect(endingCode(EXIT.failed, false)).toBe(EXIT.failed);
    // Watching ends by Ctrl-C: nothing has failed.
    expect(endingCode(EXIT.done, true)).toBe(EXIT.done);
  });
});
