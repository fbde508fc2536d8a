import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AWS_COMMANDS, asTyped, hintFor } from '../../../lib/cli/call.ts';
import { declared } from '../../../lib/cli/commands/completion.ts';
import { COMMANDS } from '../../../lib/cli/commands/index.ts';
import { PROJECT_ROOT } from '../../../lib/functions/root.ts';
import { SUBCOMMANDS } from '../../../lib/hint.ts';

const { QR_DATA_DIR: outer } = process.env;
beforeEach(() => {
  delete process.env.QR_DATA_DIR;
});
afterEach(() => {
  if (outer === undefined) delete process.env.QR_DATA_DIR;
  else process.env.QR_DATA_DIR = outer;
});

describe('--env', () => {
  it.each(COMMANDS)('is taken by $name where it makes sense, by each of its subcommands', async ({ name, load }) => {
    const command = new Command(name);
    (await load()).define(command);
    const acting = [command, ...command.commands].filter(({ options }) =>
      options.some(({ long }) => long === '--data-dir'),
    );
    // It asks whose limits count, and measures on the local stack.
    for (const each of name === 'capacity' ? [] : acting) {
      expect(each.options.some(({ long }) => long === '--env')).toBe(AWS_COMMANDS.includes(name));
    }
  });

  it('stays in the hints, and hints about what only the local stack has are not given', () => {
    expect(hintFor('./stream-manager.sh topics', { env: 'prod' })).toBe('./stream-manager.sh topics --env prod');
    expect(hintFor('./stream-manager.sh logs redis', { env: 'prod' })).toBeUndefined();
    expect(hintFor('./stream-manager.sh logs redis', {})).toBe('./stream-manager.sh logs redis');
    expect(hintFor('Run it again: it continues', { env: 'prod' })).toBe('Run it again: it continues');
  });
});

describe('a hint', () => {
  const second = { dataDir: '/tmp/second' };

  it('says which stack it is about, in each call of a sentence, before what follows the command', () => {
    expect(hintFor('./stream-manager.sh dlq show a-1-2', second)).toBe(
      './stream-manager.sh dlq show --data-dir /tmp/second a-1-2',
    );
    expect(hintFor('See ./stream-manager.sh health, or start it: ./stream-manager.sh start', second)).toBe(
      'See ./stream-manager.sh health --data-dir /tmp/second, or start it: ./stream-manager.sh start --data-dir /tmp/second',
    );
    expect(hintFor('./stream-manager.sh start brings it back', second)).toBe(
      './stream-manager.sh start --data-dir /tmp/second brings it back',
    );
    expect(hintFor('./stream-manager.sh batch demo-42', second)).toBe(
      './stream-manager.sh batch --data-dir /tmp/second demo-42',
    );
  });

  it('says it however the stack was chosen, in words that a shell takes back', () => {
    process.env.QR_DATA_DIR = '/tmp/by a variable';
    expect(hintFor('./stream-manager.sh topics', {})).toBe(
      "./stream-manager.sh topics --data-dir '/tmp/by a variable'",
    );
    expect(hintFor('./stream-manager.sh topics', second)).toBe('./stream-manager.sh topics --data-dir /tmp/second');
  });

  it('says nothing of the stack in the default folder', () => {
    expect(hintFor('./stream-manager.sh topics', { dataDir: `${PROJECT_ROOT}/.streams` })).toBe(
      './stream-manager.sh topics',
    );
  });

  it('keeps --remote, and names no command that would be about a local stack then', () => {
    expect(hintFor('./stream-manager.sh backup verify /b', { remote: true })).toBe(
      './stream-manager.sh backup verify --remote /b',
    );
    expect(hintFor('./stream-manager.sh health', { remote: true })).toBeUndefined();
  });

  it('knows the subcommands that there are', async () => {
    const found = (await declared(COMMANDS)).flatMap(({ entry, command }) =>
      command.commands.length === 0 ? [] : [[entry.name, command.commands.map((each) => each.name()).sort()] as const],
    );
    const known = Object.entries(SUBCOMMANDS).map(([name, words]) => [name, [...words].sort()] as const);
    expect(Object.fromEntries(known)).toEqual(Object.fromEntries(found));
  }, 60_000);
});

describe('the command as it was typed', () => {
  const words = [
    'restore',
    '/backups/my qr',
    '--topics',
    'payment-events,audit-logs',
    '--data-dir=/tmp/two',
    '--dry-run',
  ];

  it('has every argument and flag, as a shell reads them', () => {
    expect(asTyped({}, words)).toBe(
      "./stream-manager.sh restore '/backups/my qr' --topics payment-events,audit-logs --data-dir=/tmp/two --dry-run",
    );
  });

  it('leaves out and adds what is to be otherwise, and keeps flags before two dashes', () => {
    expect(asTyped({ without: ['--dry-run'], plus: ['--replace'] }, words)).toBe(
      "./stream-manager.sh restore '/backups/my qr' --topics payment-events,audit-logs --data-dir=/tmp/two --replace",
    );
    expect(asTyped({ plus: ['--yes'] }, ['delete-topic', '--', '-odd'])).toBe(
      './stream-manager.sh delete-topic --yes -- -odd',
    );
    expect(asTyped({ plus: ['--yes'] }, ['stop', '--wipe', '--yes'])).toBe('./stream-manager.sh stop --wipe --yes');
  });

  it('takes other values of flags, wherever they stand', () => {
    const values = { '--since': '2026-01-31T08:00:00.000Z' };
    expect(asTyped({ values }, ['repair', '--since', '10m'])).toBe(
      './stream-manager.sh repair --since 2026-01-31T08:00:00.000Z',
    );
    expect(asTyped({ values }, ['repair', '--since=10m', '--topics', 'audit-logs'])).toBe(
      './stream-manager.sh repair --since=2026-01-31T08:00:00.000Z --topics audit-logs',
    );
  });
});
