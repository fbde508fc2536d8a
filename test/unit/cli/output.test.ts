import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { argument, escaped, escapedName } from '../../../lib/cli/escape.ts';
import { bytes, counted, duration } from '../../../lib/cli/format.ts';
import { table } from '../../../lib/cli/table.ts';

describe('a table', () => {
  it('aligns columns, numbers to the right, and leaves no spaces at line ends', () => {
    const text = table(
      ['TOPIC', { head: 'MESSAGES', align: 'right' }, 'GROUP'],
      [
        ['a', '1', 'x'],
        ['longer-name', '10,000', '-'],
      ],
    );
    expect(text).toBe(
      ['TOPIC        MESSAGES  GROUP', 'a                   1  x', 'longer-name    10,000  -'].join('\n'),
    );
  });
});

describe('a name that others have chosen', () => {
  const names = ['a\u001b[2J\u0007b', 'a\nb\tc', '..', "it's $HOME", 'grüße', '-', 'back\\slash\u001b', 'plain.name_1'];

  it('stays on its line, and its control characters are seen', () => {
    expect(names.map(escapedName).slice(0, 3)).toEqual(['a\\u001b[2J\\u0007b', 'a\\nb\\tc', '..']);
  });

  it('is the same name to a shell', () => {
    for (const name of names) {
      expect(argument(name)).toBe(escapedName(argument(name)));
      const script = `printf %s ${argument(name)}`;
      expect(execFileSync('bash', ['--norc', '-c', script], { env: { LC_ALL: 'C.UTF-8' }, encoding: 'utf8' })).toBe(
        name,
      );
    }
    expect(argument('plain.name_1')).toBe('plain.name_1');
  });
});

describe('data on a terminal', () => {
  it('cannot move the cursor, set colours or reorder text', () => {
    expect(escaped('a\u001b[2Jb\u0007\u202ec\r')).toBe('a\\u001b[2Jb\\u0007\\u202ec\\u000d');
  });

  it('keeps letters of every script, tabs and line feeds', () => {
    expect(escaped('Grüße\t世界\n😀')).toBe('Grüße\t世界\n😀');
  });
});

describe('numbers for people', () => {
  it.each([
    [604_800_000, '7 d'],
    [31_536_000_000, '365 d'],
    [129_600_000, '36 h'],
    [1_500, '1.5 s'],
    [20, '20 ms'],
    [-1, 'for ever'],
  ])('%i ms is %s', (ms, text) => expect(duration(ms)).toBe(text));

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [11_300_000, '11.3 MB'],
  ])('%i bytes is %s', (count, text) => expect(bytes(count)).toBe(text));

  it('counts', () => {
    expect(counted(1, 'message')).toBe('1 message');
    expect(counted(10_000, 'message')).toBe('10,000 messages');
  });
});
