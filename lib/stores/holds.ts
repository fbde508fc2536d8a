import type { ObjectStore } from './objects.ts';

/** Whose data, or which objects, must not be deleted. */
export const HOLD_KINDS = ['user', 'prefix'] as const;

export type HoldKind = (typeof HOLD_KINDS)[number];

/** A legal hold: something that nobody may delete, however old it is and whoever asks. */
export interface Hold {
  readonly kind: HoldKind;
  /** A user id, or a prefix of object keys. */
  readonly subject: string;
  readonly reason: string;
  /** ISO 8601, UTC. */
  readonly since: string;
  /** ISO 8601, UTC; until it is lifted when absent. */
  readonly until?: string;
}

/** Holds lie in object storage and nowhere else: a Redis that has lost its data must not release what is held. */
const PREFIX = 'legal-holds/';

const holdKey = ({ kind, subject }: Pick<Hold, 'kind' | 'subject'>): string =>
  `${PREFIX}${kind}/${encodeURIComponent(subject)}.json`;

/** Sets a hold; one of the same subject is replaced. */
export const putHold = (objects: ObjectStore, hold: Hold): Promise<void> =>
  objects.put(holdKey(hold), JSON.stringify(hold), { contentType: 'application/json' });

/** Lifts a hold. @returns false where there was none */
export const liftHold = async (objects: ObjectStore, hold: Pick<Hold, 'kind' | 'subject'>): Promise<boolean> => {
  const there = await objects.head(holdKey(hold));
  await objects.delete([holdKey(hold)]);
  return there !== undefined;
};

/** All holds, those whose time is over included. */
export const listHolds = async (objects: ObjectStore): Promise<readonly Hold[]> => {
  const texts = await Promise.all((await objects.list(PREFIX)).map((key) => objects.get(key)));
  return texts.flatMap((text): Hold[] => (text === undefined ? [] : [JSON.parse(text.toString('utf8'))]));
};

/** Whether a hold is in force. @param now milliseconds since 1970 */
export const isInForce = ({ until }: Hold, now: number): boolean => until === undefined || Date.parse(until) > now;

/** What is held at a time. */
export interface Holding {
  /** Users under a hold. */
  readonly users: readonly string[];
  readonly ofUser: (userId: string) => Hold | undefined;
  /** The hold on a prefix of an object's key. */
  readonly ofPrefix: (key: string) => Hold | undefined;
  /** The hold on an object: on a prefix of its key, or on a user whose id is a part of its key between slashes. */
  readonly ofObject: (key: string) => Hold | undefined;
}

/** @param now milliseconds since 1970 */
export const holdingAt = async (objects: ObjectStore, now: number): Promise<Holding> => {
  const holds = (await listHolds(objects)).filter((hold) => isInForce(hold, now));
  const users = new Map(holds.filter(({ kind }) => kind === 'user').map((hold) => [hold.subject, hold]));
  const prefixes = holds.filter(({ kind }) => kind === 'prefix');
  const ofPrefix = (key: string): Hold | undefined => prefixes.find(({ subject }) => key.startsWith(subject));
  return {
    users: [...users.keys()],
    ofUser: (userId) => users.get(userId),
    ofPrefix,
    ofObject: (key) =>
      ofPrefix(key) ??
      key
        .split('/')
        .map((part) => users.get(part) ?? users.get(decoded(part)))
        .find((hold) => hold !== undefined),
  };
};

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};
