import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { isTopicName, TOPIC_NAMES, type TopicName } from '../../catalog/index.ts';
import { messageOf, StreamError } from '../../errors.ts';
import { suggestion } from '../nearest.ts';
import { WORK } from './work.ts';

/** Of a hundred records, how many are on which topic; a topic that is left out has none. */
export type Mix = Readonly<Partial<Record<TopicName, number>>>;

/** What a simulated day makes. */
export const DEFAULT_MIX: Mix = Object.fromEntries(TOPIC_NAMES.map((name) => [name, WORK[name].share]));

/** Shares are rounded by people. */
const ROUNDING = 0.5;

const refuse = (message: string, next?: string): never => {
  throw new StreamError('USAGE', message, next === undefined ? {} : { next });
};

/**
 * @param where names the mix in what is said about it
 * @throws StreamError USAGE when a topic is unknown, a share is no number, or they do not add up to 100
 */
export const mixFrom = (value: unknown, where: string): Mix => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refuse(`${where} must be an object of topics and their shares, such as {"analytics-events": 100}.`);
  const mix = new Map<TopicName, number>();
  for (const [topic, share] of Object.entries(value)) {
    if (!isTopicName(topic)) {
      const next = suggestion(topic, TOPIC_NAMES) ?? `Topics: ${TOPIC_NAMES.join(', ')}`;
      return refuse(`There is no topic ${topic}, which ${where} has.`, next);
    }
    if (typeof share !== 'number' || !Number.isFinite(share) || share < 0)
      return refuse(`The share of ${topic} in ${where} must be a number of at least 0.`);
    mix.set(topic, share);
  }
  const sum = [...mix.values()].reduce((total, share) => total + share, 0);
  if (Math.abs(sum - 100) > ROUNDING)
    return refuse(`The shares in ${where} add up to ${Number(sum.toFixed(2))}, not to 100.`);
  return Object.fromEntries(mix);
};

/**
 * Reads a mix from a file, JSON or YAML.
 *
 * @throws StreamError USAGE when it cannot be read, or as {@link mixFrom}
 */
export const readMix = async (path: string): Promise<Mix> => {
  let value: unknown;
  try {
    value = parse(await readFile(path, 'utf8'));
  } catch (error) {
    const [reason = ''] = messageOf(error)
      .replace(/^ENOENT.*/, 'there is no such file.')
      .split('\n');
    return refuse(`The mix ${path} cannot be read: ${reason}`);
  }
  return mixFrom(value, path);
};
