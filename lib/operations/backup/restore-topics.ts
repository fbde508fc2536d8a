import { type Admin, makeTopics, OF_THE_TOPIC, TOPIC_RESOURCE } from '../../kafka/index.ts';
import type { Settings } from '../../settings.ts';
import { withAdmin } from '../cluster.ts';
import { boundsOf } from '../topics.ts';
import type { StoredTopic } from './manifest.ts';
import type { TopicPlan } from './restore-plan.ts';
import { configAfter, configDuring, entriesOf, replicasOf } from './restored-config.ts';
import { settled } from './settled.ts';

/**
 * Makes the topics of a restore ready to be filled: those that the same restore has begun to fill stay, every other one is made
 * anew, so that it has the partitions it had, and its first offset is 0. Settings under which records would be deleted, refused
 * or changed wait until {@link finishTopics}.
 */
export const prepareTopics = (settings: Settings, plans: readonly TopicPlan[]): Promise<void> =>
  withAdmin(settings, async (admin) => {
    const brokers = (await admin.describeCluster()).brokers.length;
    const old = plans.filter(({ state }) => state === 'occupied' || state === 'fill').map(({ stored }) => stored.name);
    if (old.length > 0) {
      await admin.deleteTopics({ topics: old });
      await settled('topics are to be gone', async () =>
        (await admin.listTopics()).some((name) => old.includes(name)) ? undefined : true,
      );
    }
    const [begun, made] = [plans.filter(isBegun), plans.filter((plan) => !isBegun(plan))];
    if (made.length > 0) {
      const topics = made.map(({ stored }) => ({
        topic: stored.name,
        numPartitions: stored.partitions.length,
        replicationFactor: replicasOf(stored, brokers),
        configEntries: entriesOf(configDuring(stored, brokers)),
      }));
      // A topic that is still being deleted is refused as one that exists.
      await settled('topics are to be made', async () => {
        await makeTopics(admin, topics);
        const there = await admin.listTopics();
        return topics.every(({ topic }) => there.includes(topic)) || undefined;
      });
    }
    for (const { stored } of begun) await configure(admin, stored.name, configDuring(stored, brokers));
    for (const { stored } of plans) {
      await settled(`${stored.name} has no leaders`, async () =>
        (await boundsOf(admin, stored.name)).length >= stored.partitions.length ? true : undefined,
      );
    }
  });

const isBegun = ({ state }: TopicPlan): boolean => state === 'continue';

/** Gives topics the settings they had. From now on Kafka deletes and compacts what these say. */
export const finishTopics = (settings: Settings, topics: readonly StoredTopic[]): Promise<void> =>
  withAdmin(settings, async (admin) => {
    const brokers = (await admin.describeCluster()).brokers.length;
    for (const stored of topics) await configure(admin, stored.name, configAfter(stored, brokers));
  });

/** Gives a topic these settings and no others of its own, and waits until the brokers tell so. */
const configure = async (admin: Admin, name: string, config: Readonly<Record<string, string>>): Promise<void> => {
  const resource = { type: TOPIC_RESOURCE, name };
  await admin.alterConfigs({ validateOnly: false, resources: [{ ...resource, configEntries: entriesOf(config) }] });
  const wanted = JSON.stringify(Object.entries(config).sort());
  await settled(`${name} is to have its settings`, async () => {
    const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [resource] });
    const own = (resources[0]?.configEntries ?? []).filter(({ configSource }) => configSource === OF_THE_TOPIC);
    return JSON.stringify(own.map(({ configName, configValue }) => [configName, configValue]).sort()) === wanted
      ? true
      : undefined;
  });
};
