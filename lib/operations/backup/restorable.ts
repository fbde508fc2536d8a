import { randomUUID } from 'node:crypto';
import { StreamError } from '../../errors.ts';
import { type Admin, refusedTopics } from '../../kafka/index.ts';
import type { Settings } from '../../settings.ts';
import { withAdmin } from '../cluster.ts';
import type { Manifest } from './manifest.ts';
import type { Place } from './place.ts';
import type { OnProgress } from './progress.ts';
import { configAfter, configDuring, entriesOf, replicasOf } from './restored-config.ts';
import { type Finding, verifyFiles } from './verify.ts';

/**
 * What would stop a restore half-way: files that are broken, and topics that the cluster would not make as they were. Both
 * `backup verify` and `restore` ask this, the latter before it changes anything.
 *
 * @param cluster where it would be restored; without it only the files are looked at
 */
export const obstaclesTo = async (
  place: Place,
  manifest: Manifest,
  cluster: Pick<Settings, 'brokers' | 'kafkaAuth'> | undefined,
  onProgress: OnProgress,
): Promise<readonly Finding[]> => {
  const files = await verifyFiles(place, manifest, onProgress);
  const topics = cluster === undefined ? [] : await withAdmin(cluster, (admin) => refused(cluster, admin, manifest));
  return [...files, ...topics];
};

/** @throws StreamError REFUSED with the first of the findings */
export const requireRestorable = (place: Place, { id }: Manifest, findings: readonly Finding[]): void => {
  const [first] = findings;
  if (first === undefined) return;
  const more = findings.length === 1 ? '' : ` (and ${findings.length - 1} more)`;
  throw new StreamError('REFUSED', `Backup ${id} cannot be restored: ${first.file}: ${first.problem}${more}`, {
    next: `Nothing was changed. See all: ./stream-manager.sh backup verify ${place.address} --id ${id}`,
  });
};

/** Asks the cluster whether it would make each topic, with the settings while it is filled and with those it had; makes none. */
const refused = async (
  cluster: Pick<Settings, 'kafkaAuth'>,
  admin: Admin,
  { topics }: Manifest,
): Promise<readonly Finding[]> => {
  const brokers = (await admin.describeCluster()).brokers.length;
  const there = await admin.listTopics();
  const asked = new Map<string, string>();
  const wanted = topics.flatMap((stored) =>
    [configDuring(stored, brokers), configAfter(stored, brokers)].map((config, i) => {
      // Of a name that is taken the cluster says nothing else.
      const topic = i === 0 && !there.includes(stored.name) ? stored.name : `restore-check-${randomUUID()}`;
      asked.set(topic, stored.name);
      return {
        topic,
        numPartitions: stored.partitions.length,
        replicationFactor: replicasOf(stored, brokers),
        configEntries: entriesOf(config),
      };
    }),
  );
  const found = await refusedTopics(cluster, admin, wanted);
  return found.map(({ topic, reason }) => ({ file: `topic ${asked.get(topic) ?? topic}`, problem: reason }));
};
