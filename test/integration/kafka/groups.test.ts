import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commitFor } from '../../../lib/operations/backup/commit.ts';
import { withAdmin } from '../../../lib/operations/cluster.ts';
import { resetGroup } from '../../../lib/operations/group-reset.ts';
import { describeGroup, listGroups } from '../../../lib/operations/groups.ts';
import { sendTestMessages } from '../../../lib/operations/test-message.ts';
import { createTopic } from '../../../lib/operations/topics.ts';
import { pythonScript } from '../../support/python.ts';
import { testStack } from '../../support/stack.ts';
import { until } from '../../support/until.ts';

const { settings } = testStack();
const topic = `kip-848-${randomUUID().slice(0, 8)}`;
const group = `${topic}-group`;
let member: ChildProcess;

const committed = (): Promise<number> =>
  withAdmin(settings, async (admin) => {
    const [offsets] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
    return Number(offsets?.partitions[0]?.offset);
  });

const leave = async (): Promise<void> => {
  if (member.exitCode !== null) return;
  const gone = once(member, 'exit');
  member.stdin?.end();
  await gone;
};

beforeAll(async () => {
  await withAdmin(settings, (admin) => createTopic(admin, { name: topic, partitions: 1, retentionMs: -1 }));
  await sendTestMessages(
    settings,
    Array.from({ length: 4 }, (_, i) => ({ topic, json: `{"i":${i}}`, key: 'k' })),
  );
  const { command, args } = pythonScript('test/python/hold_group.py', [settings.brokers.join(','), topic, group]);
  member = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  if (member.stdout === null) throw new Error('the member has no output');
  for await (const line of createInterface({ input: member.stdout })) if (line === 'joined') break;
  await until('the member has committed', async () => (await committed()) === 4);
});

afterAll(leave);

it('a group of the protocol of KIP-848 that runs is stable, with its member and its partitions', async () => {
  const found = await withAdmin(settings, (admin) => describeGroup(admin, group));
  expect(found).toMatchObject({ state: 'Stable', members: 1, lag: 0, topics: [topic] });
  expect(found.memberDetails).toMatchObject([{ client: 'python-member' }]);
  expect(found.partitionDetails).toMatchObject([{ topic, partition: 0, committed: 4, member: 'python-member' }]);
  const all = await withAdmin(settings, listGroups);
  expect(all.find((each) => each.group === group)).toMatchObject({ state: 'Stable', members: 1 });
});

it('its reset is refused while it runs, and done when its member has left; a restore commits for it as well', async () => {
  const request = { group, topic, target: { to: 'earliest' } } as const;
  await expect(resetGroup(settings, request)).rejects.toMatchObject({ code: 'REFUSED' });
  expect(await committed()).toBe(4);
  await leave();
  await until('the group is empty', async () => {
    const { state } = await withAdmin(settings, (admin) => describeGroup(admin, group));
    return state === 'Empty';
  });
  await resetGroup(settings, request);
  expect(await committed()).toBe(0);
  await commitFor(settings, group, [{ topic, partition: 0, offset: 3 }]);
  expect(await committed()).toBe(3);
});
