import { DEAD_LETTER_TOPIC, TOPICS, type TopicName } from '../../catalog/index.ts';
import { positionOf } from '../../events/index.ts';
import type { Entry, Fate } from './book.ts';
import type { DeadLetters, Reason } from './dead-letters.ts';
import { type Latency, latencyOf } from './latency.ts';
import type { Progress } from './progress.ts';

/** How a topic is doing during a run. */
export interface TopicState {
  readonly topic: TopicName;
  readonly group: string;
  /** Records of the run; follow-ups that functions publish are not among them. */
  readonly published: number;
  readonly committed: number;
  /** Of everything on the topic. */
  readonly lag: number;
  readonly deadLettered: number;
  /** Invocations of its function that ended in an error. */
  readonly invokeErrors: number;
  /** From publishing to commit; undefined while nothing is committed. */
  readonly latency: Latency | undefined;
}

/** What a run came to. */
export interface Summary {
  readonly run: string;
  readonly seed: number;
  /** Until the last record was published. */
  readonly publishedSeconds: number;
  /** Until every group had committed everything. */
  readonly seconds: number;
  readonly eventsPerSecond: number;
  readonly topics: readonly (TopicState & { readonly processed: number })[];
  readonly latency: Latency | undefined;
  readonly reasons: readonly Reason[];
  /** Positions of records nobody knows the fate of, a few of them. */
  readonly unexplainedAt: readonly string[];
  readonly invokeErrors: number;
  readonly lag: number;
  readonly published: number;
  readonly processed: number;
  readonly deadLettered: number;
  readonly unexplained: number;
}

const EXAMPLES = 10;

interface Counted {
  readonly watched: Progress;
  readonly letters: DeadLetters;
}

export const topicStates = ({ watched, letters }: Counted): readonly TopicState[] =>
  TOPICS.map(({ name, consumerGroup }) => ({
    topic: name,
    group: consumerGroup,
    published: watched.publishedTo(name),
    committed: watched.committedOf(name),
    lag: watched.lagOf(name),
    deadLettered: name === DEAD_LETTER_TOPIC ? 0 : letters.countOf(name),
    invokeErrors: watched.errorsOf(name),
    latency: latencyOf(watched.latenciesOf(name)),
  }));

export const summaryOf = ({
  id,
  seed,
  entries,
  fates,
  publishedMs,
  workedMs,
  ...counted
}: Counted & {
  readonly id: string;
  readonly seed: number;
  readonly entries: readonly Entry[];
  /** Of each entry. */
  readonly fates: readonly Fate[];
  readonly publishedMs: number;
  readonly workedMs: number;
}): Summary => {
  const countOf = (fate: Fate, topic?: TopicName): number =>
    entries.filter((entry, i) => fates[i] === fate && (topic === undefined || entry.topic === topic)).length;
  const topics = topicStates(counted).map((state) => ({
    ...state,
    processed: countOf('processed', state.topic),
    deadLettered: countOf('dead-lettered', state.topic),
  }));
  const seconds = Math.round(workedMs) / 1_000;
  return {
    run: id,
    seed,
    publishedSeconds: Math.round(publishedMs) / 1_000,
    seconds,
    eventsPerSecond: Math.round(entries.length / seconds),
    topics,
    latency: latencyOf(topics.flatMap(({ topic }) => counted.watched.latenciesOf(topic))),
    reasons: counted.letters.reasons(),
    unexplainedAt: entries
      .filter((_, i) => fates[i] === 'unexplained')
      .slice(0, EXAMPLES)
      .map(positionOf),
    invokeErrors: topics.reduce((sum, { invokeErrors }) => sum + invokeErrors, 0),
    lag: topics.reduce((sum, { lag }) => sum + lag, 0),
    published: entries.length,
    processed: countOf('processed'),
    deadLettered: countOf('dead-lettered'),
    unexplained: countOf('unexplained'),
  };
};
