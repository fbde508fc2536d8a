import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { COMMANDS } from '../../lib/cli/commands/index.ts';
import { begin, cliWith, linesOf } from '../support/cli.ts';
import { testStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

/** What the stack of the tests has; `npm test` shows Connect at work, too. */
const SERVICES = [
  ...['kafka', 'redis', 'schema-registry', 'aws', 'redis-commander'],
  ...['postgres', 'search', 'connect', 'functions', 'console'],
];

const { dataDir } = testStack();
const cli = cliWith({ QR_DATA_DIR: dataDir });

it('every command explains itself with --help: usage, arguments, examples', async () => {
  const overview = await cli.run('--help');
  expect(overview).toMatchObject({ code: 0, err: '' });
  for (const { name } of COMMANDS) expect(overview.out).toMatch(new RegExp(`^ +${name} `, 'm'));
  const explains = async (name: string): Promise<void> => {
    const { code, out, err } = await cli.run(name, '--help');
    expect({ name, code, err }).toEqual({ name, code: 0, err: '' });
    expect(out).toMatch(new RegExp(`^Usage: \\./stream-manager\\.sh ${name} `));
    expect(out).toMatch(/^Examples?:\n +\.\/stream-manager\.sh /m);
  };
  // A few at a time: fifteen at once would wait for each other.
  for (let i = 0; i < COMMANDS.length; i += 4) {
    await Promise.all(COMMANDS.slice(i, i + 4).map(({ name }) => explains(name)));
  }
});

it('a word that is no command, or one too many, is told in a sentence, with exit code 2', async () => {
  const calls: readonly (readonly [words: readonly string[], sentence: string])[] = [
    [['topic'], 'There is no command topic.\n  Did you mean topics?'],
    [['--versoin'], 'There is no option --versoin.'],
    [['topics', '--jsn'], 'There is no option --jsn. Did you mean --json?'],
    [['health', 'all'], 'Too many words: 1 instead of 0.'],
    [['topics', 'aply'], 'There is no command topics aply.\n  Did you mean topics apply?'],
    [
      ['dlq', 'list', '--sinse', '2h'],
      'There is no option --sinse. Did you mean --since?\n  Usage: ./stream-manager.sh dlq list ',
    ],
    [['topics', '--env', 'prd'], '--env cannot be "prd". It must be dev or staging or prod. Did you mean prod?'],
    [['start', '--engine', 'podman'], '--engine cannot be "podman". It must be native or docker.'],
    [['start', '--port-offset', '60000'], 'The port of kafka would be 69092; ports go from 1 to 65535.'],
  ];
  const said = await Promise.all(calls.map(([words]) => cli.run(...words)));
  for (const [i, [words, sentence]] of calls.entries()) {
    expect({ words, ...said[i] }).toMatchObject({ words, code: 2, out: '', err: expect.stringContaining(sentence) });
  }
});

it('health has the documented shape, and exit code 0 while all is well', async () => {
  const report = await cli.json<{ services: { name: string }[] }>('health');
  expect(Object.keys(report)).toEqual(['healthy', 'engine', 'services', 'cache', 'disk']);
  expect(report).toMatchObject({ healthy: true, engine: 'native' });
  expect(report.services.map(({ name }) => name)).toEqual(SERVICES);
  for (const service of report.services) {
    expect(Object.keys(service)).toEqual(['name', 'state', 'endpoint', 'detail']);
    expect(service).toMatchObject({ state: 'healthy', detail: '' });
  }
  const told = await cli.npm('streams:health');
  expect(told.code).toBe(0);
  expect(told.out).toMatch(/^kafka +healthy +localhost:\d+$/m);
});

it('ui tells the address of a page where nobody sits before a screen', async () => {
  const [redis, kafka] = await Promise.all([cli.npm('streams:redis'), cli.run('ui', 'kafka', '--json')]);
  expect(redis).toMatchObject({ code: 0, out: expect.stringMatching(/^Open http:\/\/localhost:\d+$/m) });
  expect(kafka).toMatchObject({ code: 0, err: expect.stringContaining('Kafka UI is in Docker only') });
  const { page, url }: { page: string; url: string } = JSON.parse(kafka.out);
  expect(page).toBe('console');
  expect((await fetch(url)).status).toBe(200);
});

it('of a stack that was never started, health says so with exit code 1, and other commands what to do', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'qr-none-'));
  const none = cliWith({ QR_DATA_DIR: folder, QR_PORT_KAFKA: '1' });
  const [health, topics, logs] = await Promise.all([
    none.run('health', '--json'),
    none.run('topics', '--json'),
    none.run('logs', 'kafka'),
  ]);
  expect(health.code).toBe(1);
  expect(JSON.parse(health.out)).toMatchObject({ healthy: false, engine: null });
  expect(topics).toMatchObject({ code: 1, out: '', err: expect.stringContaining('./stream-manager.sh start') });
  expect(logs).toMatchObject({ code: 1, out: '', err: expect.stringContaining('kafka has no log yet.') });
  await rm(folder, { recursive: true });
});

it('logs shows the last lines of a service or a function, and follows until Ctrl-C', async () => {
  const [host, two, wrong] = await Promise.all([
    cli.run('logs', 'functions'),
    cli.run('logs', 'functions', '-n', '2'),
    cli.run('logs', 'kafkaa'),
  ]);
  expect(host.code).toBe(0);
  expect(host.out).toContain('functions on http://127.0.0.1:');
  expect(linesOf(two.out)).toEqual(linesOf(host.out).slice(-2));
  expect(wrong).toMatchObject({ code: 1, out: '', err: expect.stringContaining('There is no log named kafkaa.') });
  const following = cli.begin('logs', 'qr-redis', '-f');
  await until('the log is shown', () => following.said().out.includes('Ready to accept connections'));
  following.child.kill('SIGINT');
  expect((await following.ended).code).toBe(130);
});

it('stream-manager.sh works from any folder and through a symbolic link', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'qr-link-'));
  const link = join(folder, 'sm');
  await symlink(resolve('stream-manager.sh'), link);
  const { code, out } = await begin('bash', ['-c', `cd / && "${link}" health --json`], {
    env: { QR_DATA_DIR: dataDir },
  }).ended;
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ healthy: true });
  await rm(folder, { recursive: true });
});
