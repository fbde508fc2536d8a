import { resourcesOf, type Template } from './template.ts';

/** A topic as a template declares it. */
export interface DeclaredTopic {
  readonly name: string;
  readonly partitions: number;
  readonly replication: number;
  /** Its settings and its cluster, as they stand in the template; compared as text, as CloudFormation does. */
  readonly configs: string;
  readonly cluster: string;
}

/** What a deployment would do to a topic, and should not, or that somebody ought to know. */
export interface TopicVerdict {
  readonly topic: string;
  /** `refused`: the deployment would fail half-way, or lose data. */
  readonly kind: 'refused' | 'warning';
  /** One sentence. */
  readonly text: string;
}

/** The topics of a template. */
export const declaredTopics = (template: Template): readonly DeclaredTopic[] =>
  resourcesOf(template, 'AWS::MSK::Topic').map(({ properties }) => ({
    name: String(properties.TopicName),
    partitions: Number(properties.PartitionCount),
    replication: Number(properties.ReplicationFactor),
    configs: JSON.stringify(properties.Configs ?? null),
    cluster: JSON.stringify(properties.ClusterArn ?? null),
  }));

type Rule = (before: DeclaredTopic, after: DeclaredTopic) => Omit<TopicVerdict, 'topic'> | undefined;

/**
 * What AWS::MSK::Topic can do in place: more partitions, or other settings, but not both in one update. Everything else
 * replaces the topic by an empty one.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-msk-topic.html
 */
const RULES: readonly Rule[] = [
  (before, after) =>
    after.partitions < before.partitions
      ? refused(`It has ${before.partitions} partitions and cannot have ${after.partitions}: partitions can only grow.`)
      : undefined,
  (before, after) =>
    after.replication !== before.replication
      ? refused(
          `Its replication factor would go from ${before.replication} to ${after.replication}, which makes a new, empty topic.`,
        )
      : undefined,
  (before, after) =>
    after.cluster !== before.cluster
      ? refused('It would move to another cluster, which makes a new, empty topic.')
      : undefined,
  (before, after) =>
    after.partitions !== before.partitions && after.configs !== before.configs
      ? refused(
          'Partitions and settings change in one deployment, which CloudFormation cannot do: deploy one, then the other.',
        )
      : undefined,
  (before, after) =>
    after.partitions > before.partitions
      ? warning(
          `It grows from ${before.partitions} to ${after.partitions} partitions: keys move, so let its group catch up first.`,
        )
      : undefined,
];

/**
 * Compares the topics that are deployed with those that would be.
 *
 * @returns nothing when the deployment is harmless
 */
export const topicVerdicts = (
  deployed: readonly DeclaredTopic[],
  wanted: readonly DeclaredTopic[],
): readonly TopicVerdict[] =>
  deployed.flatMap((before): readonly TopicVerdict[] => {
    const { name: topic } = before;
    const after = wanted.find(({ name }) => name === topic);
    if (after === undefined) {
      const text = 'It is not in the catalog any more. The topic and its records stay in the cluster, unmanaged.';
      return [{ topic, ...warning(text) }];
    }
    return RULES.flatMap((rule) => {
      const verdict = rule(before, after);
      return verdict === undefined ? [] : [{ topic, ...verdict }];
    });
  });

const refused = (text: string) => ({ kind: 'refused', text }) as const;
const warning = (text: string) => ({ kind: 'warning', text }) as const;
