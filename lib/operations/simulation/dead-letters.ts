import { DEAD_LETTER_HEADER, headerText, positionOf } from '../../events/index.ts';
import type { LogRecord } from '../reader.ts';

/** What has come onto the dead-letter queue during a run. */
export interface DeadLetters {
  add(record: LogRecord): void;
  /** @param position `topic/partition/offset` */
  has(position: string): boolean;
  /** By topic and error, the most frequent first. */
  reasons(): readonly Reason[];
  countOf(topic: string): number;
}

export interface Reason {
  readonly topic: string;
  /** One of the codes of lib/errors.ts. */
  readonly code: string;
  /** What one of them says. */
  readonly example: string;
  readonly count: number;
}

export const deadLetters = (): DeadLetters => {
  const positions = new Set<string>();
  const reasons = new Map<string, Reason>();
  const counts = new Map<string, number>();
  return {
    add: ({ headers }) => {
      const text = (name: string): string => headerText(headers, name) ?? '';
      const topic = text(DEAD_LETTER_HEADER.topic);
      const [partition, offset] = [text(DEAD_LETTER_HEADER.partition), text(DEAD_LETTER_HEADER.offset)].map(Number);
      positions.add(positionOf({ topic, partition: partition ?? -1, offset: offset ?? -1 }));
      counts.set(topic, (counts.get(topic) ?? 0) + 1);
      const code = text(DEAD_LETTER_HEADER.errorCode);
      const name = `${topic}/${code}`;
      const known = reasons.get(name) ?? { topic, code, example: text(DEAD_LETTER_HEADER.errorMessage), count: 0 };
      reasons.set(name, { ...known, count: known.count + 1 });
    },
    has: (position) => positions.has(position),
    reasons: () => [...reasons.values()].sort((a, b) => b.count - a.count),
    countOf: (topic) => counts.get(topic) ?? 0,
  };
};
