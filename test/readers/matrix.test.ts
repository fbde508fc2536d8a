import { afterAll, beforeAll, expect, it } from 'vitest';
import { topic as topicNamed } from '../../lib/catalog/index.ts';
import { table } from '../../lib/cli/table.ts';
import { TOPIC_RESOURCE } from '../../lib/kafka/index.ts';
import { withAdmin } from '../../lib/operations/cluster.ts';
import type { GroupSummary } from '../../lib/operations/groups.ts';
import { type OwnStack, ownStack } from '../support/own-stack.ts';
import { until } from '../support/until.ts';
import { type Row, rowsOf } from './plan.ts';
import { PRODUCERS } from './producers.ts';
import { backupInto, READERS } from './readers.ts';

/** Its function makes nothing of any of these records: all of them become dead letters, and so show what it was given. */
const TOPIC = 'user-lifecycle';

let stack: OwnStack;
let other: OwnStack;
const rows: Row[] = [];

beforeAll(async () => {
  [stack, other] = [await ownStack('readers'), await ownStack('restored')];
  await Promise.all([stack.start(), other.start(), ...PRODUCERS.map((producer) => producer.install())]);
  // A broker refuses times that are more than an hour ahead, unless its topic says otherwise.
  await withAdmin(stack.settings, (admin) =>
    admin.alterConfigs({
      validateOnly: false,
      resources: [
        {
          type: TOPIC_RESOURCE,
          name: TOPIC,
          configEntries: [
            { name: 'message.timestamp.after.max.ms', value: String(2n ** 63n - 1n) },
            { name: 'retention.ms', value: '-1' },
          ],
        },
      ],
    }),
  );
  for (const producer of PRODUCERS) {
    for (const row of rowsOf(producer.name, producer)) {
      rows.push(row);
      await producer.write({ brokers: stack.settings.brokers.join(','), topic: TOPIC }, row.codec, row.steps);
    }
  }
});
afterAll(() => Promise.all([stack?.dispose(), other?.dispose()]));

it('every reader reads what every producer writes', async () => {
  const { consumerGroup } = topicNamed(TOPIC);
  await until(
    'all is processed, dead letters included',
    async () => {
      const groups = await stack.cli.json<GroupSummary[]>('groups');
      return groups.every(({ group, lag }) => ![consumerGroup, 'dead-letter-handlers'].includes(group) || lag === 0);
    },
    { timeoutMs: 120_000, everyMs: 500 },
  );
  const readers = [...READERS, backupInto(other)];
  const cells = new Map(rows.map((row) => [row, [] as string[]]));
  const wrong: string[] = [];
  for (const reader of readers) {
    const verdictOn = await reader.read(stack, TOPIC, rows);
    for (const row of rows) {
      const fault = await verdictOn(row);
      cells.get(row)?.push(fault === undefined ? `✓ ${row.visible.length}` : '✗');
      if (fault !== undefined) wrong.push(`${row.name}, read by ${reader.name}: ${fault}`);
    }
  }
  const heads = ['WRITTEN BY', ...readers.map(({ name }) => name.toUpperCase())];
  console.log(
    table(
      heads,
      [...cells].map(([row, verdicts]) => [row.name, ...verdicts]),
    ),
  );
  expect(wrong).toEqual([]);
});
