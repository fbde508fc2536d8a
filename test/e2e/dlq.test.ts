import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { openPublisher } from '../../lib/events/index.ts';
import type { LetterGroup, ShownLetter } from '../../lib/operations/dead-letters/index.ts';
import type { Letter } from '../../lib/stores/dead-letters/index.ts';
import { openRedis } from '../../lib/stores/redis.ts';
import { cliWith, linesOf } from '../support/cli.ts';
import { testStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

const { dataDir, settings } = testStack();
const cli = cliWith({ QR_DATA_DIR: dataDir });
const publisher = openPublisher(settings);
const redis = openRedis(settings);
afterAll(async () => {
  redis.disconnect();
  await publisher.close();
});

const TOPIC = 'content-publishing';
/** The letters of the topic that this test has caused. */
const letters = async (mine: (letter: Letter) => boolean): Promise<Letter[]> =>
  (await cli.json<Letter[]>('dlq', 'list', '--letters', '--topic', TOPIC, '--limit', '1000')).filter(mine);
const shown = (id: string) => cli.json<ShownLetter>('dlq', 'show', id);

it('an event that came too early appears with its reason, and is done once it is put back in time', async () => {
  const payload = JSON.stringify({ contentId: randomUUID(), userId: randomUUID(), actorId: 'editor-1', version: 1 });
  const { userId } = JSON.parse(payload);
  const publish = (type: string) =>
    cli.run('test-message', TOPIC, payload, '--headers', JSON.stringify({ 'event-type': type }));
  await publish('content.approved');
  const [letter] = await until('the letter is there', async () => {
    const found = await letters(({ users }) => users.includes(userId));
    return found.length > 0 && found;
  });
  if (letter === undefined) throw new Error('there is no letter');
  const { id } = letter;
  expect(letter).toMatchObject({ status: 'open', code: 'RULE_VIOLATED', consumer: 'content-publishers', times: 1 });
  expect(await shown(id)).toMatchObject({
    id,
    record: { format: 'avro', value: { eventType: 'content.approved', payload: { userId } } },
  });

  const refused = await cli.run('dlq', 'redrive', id);
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('--yes') });
  const dry = await cli.run('dlq', 'redrive', '--topic', TOPIC, '--reason', 'RULE_VIOLATED', '--dry-run');
  expect(dry).toMatchObject({ code: 0, out: expect.stringContaining('Dry run: nothing was changed.') });
  expect(dry.out).toContain(id);
  expect(await shown(id)).toMatchObject({ status: 'open' });

  await publish('content.submitted');
  const put = await cli.run('dlq', 'redrive', id, '--yes');
  expect(put).toMatchObject({ code: 0, out: expect.stringContaining('1 letter put back.') });
  await until('it is done', async () => (await shown(id)).status === 'done');
  expect(await letters((one) => one.id === id)).toEqual([]);
});

it('a record that fails again comes back as the same letter, can be parked, and purged', async () => {
  const key = randomUUID();
  const place = { topic: TOPIC, key: Buffer.from(key), value: Buffer.from('no event'), headers: [] };
  const [published] = await publisher.publishRaw([place]);
  const id = `${TOPIC}-${published?.partition}-${published?.offset}`;
  await until('the letter is there', async () => (await letters((one) => one.id === id)).length === 1);
  const { code } = await cli.run('dlq', 'redrive', id, '--yes');
  expect(code).toBe(0);
  await until('it has come back', async () => {
    const { status, times, redriveCount } = await shown(id);
    return status === 'open' && times === 2 && redriveCount === 1;
  });
  expect(await shown(id)).toMatchObject({ code: 'UNDECODABLE', record: { key, value: 'no event', headers: {} } });

  const summary = await cli.run('dlq');
  expect(summary.out).toMatch(/^TOPIC +REASON +OPEN +RETRYING +REDRIVEN +PARKED +DISCARDED +DONE +LAST FAILURE\n/);
  expect(summary.out).toMatch(/^content-publishing +UNDECODABLE +[1-9]/m);
  const groups = await cli.json<LetterGroup[]>('dlq', 'list', '--topic', TOPIC);
  expect(groups.find(({ code: reason }) => reason === 'UNDECODABLE')?.example).toMatchObject({ id });

  // As in a Redis that has lost its data.
  await redis.del(`dlq:{dlq}:letter:${id}`);
  expect(await cli.run('dlq', 'show', id)).toMatchObject({ code: 1 });
  expect(await cli.json<{ recovered: number }>('dlq', 'recover')).toEqual({ recovered: expect.any(Number) });
  expect(await shown(id)).toMatchObject({ status: 'open', redriveCount: 1 });

  expect((await cli.run('dlq', 'park', id, '--yes')).code).toBe(0);
  expect((await cli.run('dlq', 'discard', id, '--why', 'a test', '--yes')).code).toBe(0);
  const discarded = await cli.run('dlq', 'show', id);
  expect(discarded.out).toMatch(/Why +a test[\s\S]* parked [\s\S]* discarded +\S+ +a test/);
  const [line] = linesOf((await cli.run('dlq', 'export', '-', '--topic', TOPIC, '--status', 'discarded')).out);
  expect(JSON.parse(line ?? '{}')).toMatchObject({ id, why: 'a test', decoded: { value: 'no event' } });
  expect(await cli.json('dlq', 'purge', id, '--yes')).toEqual({ letters: [id], changed: 1, left: [] });
  expect(await cli.run('dlq', 'show', id)).toMatchObject({ code: 1, err: expect.stringContaining('No dead letter') });
});

it('is called wrongly with a sentence', async () => {
  const calls: readonly (readonly [words: readonly string[], sentence: RegExp])[] = [
    [['dlq', 'list', '--status', 'opened'], /--status cannot be "opened"/],
    [['dlq', 'list', '--since', 'yesterday'], /--since cannot be "yesterday".*30m, 2h, 7d/],
    [['dlq', 'show'], /ID is missing/],
    [['dlq', 'redrive', 'x', '--topic', TOPIC], /exclude each other/],
    [['dlq', 'discard', 'x'], /--why/],
    [['dlq', 'redrive', '--patch', 'f.json'], /--patch needs the ID/],
    [['dlq', 'lst'], /✗ .+/],
  ];
  for (const [words, sentence] of calls) {
    const { code, err } = await cli.run(...words);
    expect({ words, code, err }).toMatchObject({ code: 2, err: expect.stringMatching(sentence) });
  }
  expect((await cli.run('dlq', '--help')).out).toContain('dlq redrive');
});
