import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TOPICS } from '../../../lib/catalog/index.ts';
import { declared } from '../../../lib/cli/commands/completion.ts';
import { COMMANDS } from '../../../lib/cli/commands/index.ts';
import { type Answers, answersOf } from '../../../lib/cli/completion/answers.ts';
import { SCRIPTS } from '../../../lib/cli/completion/index.ts';
import { rememberNames } from '../../../lib/cli/seen-names.ts';

const folder = mkdtempSync(join(tmpdir(), 'qr-completion-'));
const dataDir = join(folder, 'data');
let answers: Answers;
let commands: readonly Command[];

beforeAll(async () => {
  const all = await declared(COMMANDS);
  commands = all.map(({ command }) => command);
  answers = answersOf(all);
  for (const [shell, script] of Object.entries(SCRIPTS)) {
    writeFileSync(join(folder, `completion.${shell}`), script({ answers, dataDir }));
  }
  await rememberNames({ dataDir }, 'topics', () => ['my-orders', 'b; rm -rf ~', '$(date)']);
  await rememberNames({ dataDir }, 'groups', () => ['my-readers']);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** bash puts these into words of their own (COMP_WORDBREAKS). */
const asBashSplits = (line: string): string[] => line.split(' ').flatMap((word) => word.split(/(=)/).filter(Boolean));

const DRIVER = `
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_stream_manager
if ((\${#COMPREPLY[@]})); then printf '%s\\n' "\${COMPREPLY[@]}"; fi
`;

/** What bash offers after a line, which ends where the cursor is. */
const bash = (line: string): string[] => {
  const words = asBashSplits(line);
  const typed = line === '' || line.endsWith(' ') ? [...words, ''] : words;
  const env = { PATH: process.env.PATH, HOME: folder };
  const said = execFileSync(
    'bash',
    ['--norc', '--noprofile', '-uc', DRIVER, 'bash', join(folder, 'completion.bash'), './stream-manager.sh', ...typed],
    {
      encoding: 'utf8',
      env,
      cwd: folder,
    },
  );
  return said.split('\n').filter((word) => word !== '');
};

const TOPIC_NAMES = TOPICS.map(({ name }) => name);
const GROUP_NAMES = TOPICS.map(({ consumerGroup }) => consumerGroup);

describe('completion in bash', () => {
  it.each([
    ['de', ['demo', 'describe-topic', 'delete-topic', 'describe-group']],
    ['help lo', ['logs']],
    ['dlq re', ['redrive', 'recover']],
    ['--', ['--help']],
    ['topics --env=p', ['prod']],
    ['topics --env=', ['dev', 'staging', 'prod']],
    ['topics --env p', ['prod']],
    ['dlq list --topic pay', ['payment-events']],
    ['dlq list --json --status open,re', ['open,retrying', 'open,redriven']],
    ['consume analytics-events from', ['from-beginning']],
    ['describe-group my', ['my-readers']],
    ['consume my', ['my-orders']],
    ['reset-group qr-processors bulk-qr-processing to-d', ['to-datetime']],
    ['schemas show qr.sc', ['qr.scanned']],
    ['logs schema', ['schema-registry']],
    ['logs -n ', []],
    ['hold add ', ['user', 'prefix']],
    ['demo --items ', []],
    ['no-such-command ', []],
    ['topics apply --dry', ['--dry-run']],
    ['stop --no-such-flag --', ['--wipe', '--yes', '--json', '--data-dir', '--help']],
  ])('after "%s" offers %j', (line, offered) => expect(bash(line).sort()).toEqual([...offered].sort()));

  it('offers topics and groups of the catalog without a broker, and those that commands have seen', () => {
    expect(bash('describe-topic ').sort()).toEqual([...TOPIC_NAMES, 'my-orders'].sort());
    expect(bash('reset-group ').sort()).toEqual([...GROUP_NAMES, 'my-readers'].sort());
  });

  it('reads the names of the stack that the line is about', () => {
    mkdirSync(join(folder, 'other', 'run', 'names'), { recursive: true });
    writeFileSync(join(folder, 'other', 'run', 'names', 'topics'), 'theirs\n');
    expect(bash('consume --data-dir other t')).toEqual(['team-collaboration', 'theirs']);
  });

  it('offers files and folders where they are meant', () => {
    writeFileSync(join(folder, 'letter.json'), '{}');
    mkdirSync(join(folder, 'letters'), { recursive: true });
    expect(bash('dlq redrive payment-events-1-42 --patch let').sort()).toEqual(['letter.json', 'letters']);
    expect(bash('health --data-dir let')).toEqual(['letters']);
  });

  it('offers every command, each of its subcommands and each of its flags', () => {
    expect(bash('').sort()).toEqual(['help', ...COMMANDS.map(({ name }) => name)].sort());
    for (const command of commands) {
      const below = command.commands.map((each) => each.name());
      if (below.length > 0) expect(bash(`${command.name()} `)).toEqual(expect.arrayContaining(below));
      for (const each of command.commands.length > 0 ? command.commands : [command]) {
        const place = each === command ? command.name() : `${command.name()} ${each.name()}`;
        const long = each.options.flatMap(({ long: flag }) => (typeof flag === 'string' ? [flag] : []));
        expect(bash(`${place} --`).sort()).toEqual([...new Set([...long, '--help'])].sort());
      }
    }
  }, 30_000);
});

describe('the scripts', () => {
  const isThere = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

  it.each(['bash', 'zsh', 'fish'].filter(isThere))('can be read by %s', (shell) => {
    const { status, stderr } = spawnSync(shell, ['-n', join(folder, `completion.${shell}`)], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('keep quotes in descriptions from ending a word', () => {
    const answersWithQuote: Answers = new Map([
      ['flags:', { offers: [{ word: '--it', help: "it's \\ $(x): so" }], isList: false }],
    ]);
    expect(SCRIPTS.zsh({ answers: answersWithQuote, dataDir })).toContain("'--it:it'\\''s \\ $(x): so'");
    expect(SCRIPTS.fish({ answers: answersWithQuote, dataDir })).toContain("'it\\'s \\\\ $(x): so'");
  });
});
