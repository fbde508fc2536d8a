import { afterAll, expect, it } from 'vitest';
import { totalKey } from '../../handlers/analytics-events/keys.ts';
import { headerText, openPublisher } from '../../lib/events/index.ts';
import { findLetters } from '../../lib/operations/dead-letters/index.ts';
import { scanTopics } from '../../lib/operations/scan.ts';
import { LETTER_INDEX, readHistory, readLetter, readLetters } from '../../lib/stores/dead-letters/index.ts';
import { openRedis } from '../../lib/stores/redis.ts';
import { updatesKey } from '../../lib/stores/updates.ts';
import { cliWith } from '../support/cli.ts';
import { markGivenUp, mixedLetters } from '../support/mixed-letters.ts';
import { testStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

const { dataDir, settings } = testStack();
const cli = cliWith({ QR_DATA_DIR: dataDir, QR_OPERATOR: 'ada@desk' });
const publisher = openPublisher(settings);
const redis = openRedis(settings);
afterAll(async () => {
  redis.disconnect();
  await publisher.close();
});

it('1,000 mixed dead letters are put back once each and take effect once, though the process is killed in the middle', async () => {
  const since = new Date().toISOString();
  const { queue, givenUp, ids, scans, userId, told } = await mixedLetters(1_000, publisher);
  await markGivenUp(redis, givenUp);
  await publisher.publishRaw(queue);
  const isFiled = async () => (await redis.zmscore(LETTER_INDEX.all, ...ids)).every((score) => score !== null);
  await until('all are filed', isFiled, { timeoutMs: 180_000, everyMs: 200 });

  // By topic: others have dead letters at the same time.
  const redrive = (topic: string): string[] => [
    ...['dlq', 'redrive', '--since', since, '--topic', topic],
    ...['--status', 'open,retrying,parked', '--yes', '--json'],
  ];
  const killed = cli.begin(...redrive('analytics-events'), '--rate', '1000');
  // They go by partition and offset: this one is somewhere in the first third.
  const early = ids.filter((id) => id.startsWith('analytics-events-0-'))[200] ?? '';
  await until('some are put back', async () => ((await readLetter(redis, early))?.redriveCount ?? 0) > 0, {
    ...{ timeoutMs: 240_000, everyMs: 5 },
  });
  killed.child.kill('SIGKILL');
  await killed.ended;
  const cutOff = await readLetters(redis, ids);
  expect(cutOff.filter(({ redriveCount }) => redriveCount === 0)).not.toEqual([]);

  const topics = ['analytics-events', 'notifications'];
  for (const topic of topics) {
    const again = await cli.run(...redrive(topic));
    expect(again, again.err).toMatchObject({ code: 0 });
  }

  // What lies on the topics, read by nobody of the product.
  const copies = new Map<string, number>();
  await scanTopics(settings, { topics, since: Date.parse(since) }, ({ headers }) => {
    const of = headerText(headers, 'dlq-redrive-of');
    if (of !== undefined) copies.set(of, (copies.get(of) ?? 0) + 1);
  });
  const mine = new Set(ids);
  expect([...copies].filter(([id, count]) => mine.has(id) && count !== 1)).toEqual([]);
  expect([...copies.keys()].filter((id) => mine.has(id))).toHaveLength(ids.length);

  const countOf = async (qrId: string) => Number(await redis.hget(totalKey({ kind: 'code', id: qrId }), 'scans'));
  await until(
    'all scans are counted',
    async () => {
      for (const [qrId, count] of scans) if ((await countOf(qrId)) < count) return false;
      return (await redis.xlen(updatesKey(userId))) >= told;
    },
    { timeoutMs: 120_000 },
  );
  for (const [qrId, count] of scans) expect(await countOf(qrId)).toBe(count);
  expect(await redis.xlen(updatesKey(userId))).toBe(told);

  // A letter is seen to be done when somebody looks. Nothing tells what a connector made of its record.
  await findLetters(redis, { since: Date.parse(since) });
  const letters = await readLetters(redis, ids);
  for (const { id, shape, status, redriveCount, puttingBack } of letters) {
    expect({ id, status, redriveCount, puttingBack }).toEqual({
      ...{ id, redriveCount: 1, puttingBack: undefined },
      status: shape === 'connect' ? 'redriven' : 'done',
    });
    const history = await readHistory(redis, id);
    expect(history.filter(({ what }) => what === 'put-back')).toMatchObject([{ by: 'ada@desk', redriveCount: 1 }]);
  }
}, 600_000);
