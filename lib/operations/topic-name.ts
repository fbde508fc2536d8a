import { isInternalTopic } from '../catalog/index.ts';
import { StreamError } from '../errors.ts';
import type { Admin } from '../kafka/index.ts';
import { suggestion } from './nearest.ts';

/** Kafka's rules for a topic name (org.apache.kafka.common.internals.Topic): tests in the order they are told. */
const RULES: readonly (readonly [fails: (name: string) => boolean, sentence: string])[] = [
  [(name) => name.length === 0, 'A topic name cannot be empty.'],
  [(name) => name === '.' || name === '..', 'A topic cannot be named "." or "..".'],
  [(name) => name.length > 249, 'A topic name has at most 249 characters.'],
  [(name) => !/^[a-zA-Z0-9._-]+$/.test(name), 'A topic name is made of letters, digits, ".", "_" and "-" only.'],
];

/** @throws StreamError USAGE when Kafka would not take the name for a new topic */
export const checkNewName = (name: string, existing: readonly string[]): void => {
  for (const [fails, sentence] of RULES) if (fails(name)) throw new StreamError('USAGE', sentence);
  if (existing.includes(name))
    throw new StreamError('REFUSED', `Topic ${name} exists already.`, {
      next: `See it: ./stream-manager.sh describe-topic ${name}`,
    });
  // Metric names cannot tell "." from "_", so Kafka refuses two topics that differ in nothing else.
  const twin = existing.find((other) => other.replaceAll('.', '_') === name.replaceAll('.', '_'));
  if (twin !== undefined)
    throw new StreamError('REFUSED', `Topic ${name} would collide with ${twin}: Kafka takes "." and "_" for the same.`);
};

/**
 * The broker's topics, after making sure that `name` is one of them.
 *
 * @throws StreamError NOT_FOUND, with the nearest name
 */
export const requireTopic = async (admin: Admin, name: string): Promise<readonly string[]> => {
  const names = await admin.listTopics();
  if (names.includes(name)) return names;
  const visible = names.filter((other) => !isInternalTopic(other));
  throw new StreamError('NOT_FOUND', `There is no topic ${name}.`, {
    next: suggestion(name, visible) ?? 'See them all: ./stream-manager.sh topics',
  });
};
