import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { isTopicName, TOPIC_NAMES, type TopicName } from '../../catalog/index.ts';
import { messageOf, StreamError } from '../../errors.ts';
import { suggestion } from '../nearest.ts';
import { WORK } from './work.ts';

const refuse = (message: string, next?: string): never => {
  throw new StreamError('USAGE', message, next === undefined ? {} : { next });
};

/** Of a hundred records, how many are on which topic; a topic that is left out has none. */
export type Mix = Readonly<Partial<Record<TopicName, number>>>;

/**
 * What a simulated day makes. It is played to try everything out: it has a payment for each 40 scans and breaks one record of 250
 * on purpose, so that it is no guess of what a product does at scale.
 */
export const SIMULATED_MIX: Mix = Object.fromEntries(TOPIC_NAMES.map((name) => [name, WORK[name].share]));

/** Records a day of each topic. */
export type Records = Readonly<Record<TopicName, number>>;

/** Records of each topic, by a rule. */
export const recordsFrom = (of: (name: TopicName) => number): Records => ({
  'bulk-qr-processing': of('bulk-qr-processing'),
  'analytics-events': of('analytics-events'),
  notifications: of('notifications'),
  'file-processing': of('file-processing'),
  'payment-events': of('payment-events'),
  'team-collaboration': of('team-collaboration'),
  'content-publishing': of('content-publishing'),
  'ecommerce-sync': of('ecommerce-sync'),
  'business-automation': of('business-automation'),
  'user-lifecycle': of('user-lifecycle'),
  'data-retention': of('data-retention'),
  'audit-logs': of('audit-logs'),
  'dead-letter-queue': of('dead-letter-queue'),
});

/** So many records, shared out. */
export const mixedRecords = (eventsPerDay: number, mix: Mix): Records => {
  const whole = Object.values(mix).reduce((sum, share) => sum + share, 0);
  return recordsFrom((name) => (eventsPerDay * (mix[name] ?? 0)) / whole);
};

/** The same records, so many times. */
export const timesRecords = (records: Records, times: number): Records => recordsFrom((name) => records[name] * times);

/**
 * Records a day that a user makes beside scans, taken: seven of notifications, four of shops, three audited, two of teams, one
 * each of contents and payments. Their proportions are those of a simulated day.
 */
const RECORDS_A_USER = 20;

/** Of a hundred thousand records one cannot be processed; more is an outage. */
const DEAD_LETTERS = 1e-5;

/** Of these there are as many as there are scans, or as goes wrong. */
const APART: readonly TopicName[] = ['analytics-events', 'dead-letter-queue'];
const others = TOPIC_NAMES.filter((name) => !APART.includes(name));
const sharesOfOthers = others.reduce((sum, name) => sum + WORK[name].share, 0);

/** Records a day beside scans and the rows made of them. */
export const otherRecords = (eventsPerDay: number, users: number): number =>
  eventsPerDay * DEAD_LETTERS + users * RECORDS_A_USER;

/**
 * What a product makes: its users do what they do, and scans, with the rows of rollups that are made of them, are all the rest.
 *
 * @throws StreamError USAGE when the users alone would make more
 */
export const usualRecords = (eventsPerDay: number, users: number): Records => {
  const analytics = eventsPerDay - otherRecords(eventsPerDay, users);
  if (analytics < 0)
    return refuse(
      `${Math.round(users)} users make ${Math.round(users * RECORDS_A_USER)} records a day beside scans, more than ${eventsPerDay}.`,
      'Take fewer --users, or give the shares of the topics: --mix FILE',
    );
  return recordsFrom((name) => {
    if (name === 'analytics-events') return analytics;
    if (name === 'dead-letter-queue') return eventsPerDay * DEAD_LETTERS;
    return (users * RECORDS_A_USER * WORK[name].share) / sharesOfOthers;
  });
};

/** Shares are rounded by people. */
const ROUNDING = 0.5;

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

/** What stands for the mix of a simulated day in place of a file. */
export const SIMULATED = 'simulated';

/**
 * Reads a mix from a file, JSON or YAML; `simulated` is that of a simulated day.
 *
 * @throws StreamError USAGE when it cannot be read, or as {@link mixFrom}
 */
export const readMix = async (path: string): Promise<Mix> => {
  if (path === SIMULATED) return SIMULATED_MIX;
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
