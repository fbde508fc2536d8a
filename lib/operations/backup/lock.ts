import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { StreamError } from '../../errors.ts';
import type { Place, Version } from './place.ts';

/** The file that says who writes into a place. */
export const LOCK = 'lock.json';

/** Who has not said for so long that he goes on is taken for dead. */
const HELD_MS = 60_000;
const RENEW_EVERY_MS = 15_000;

interface Holder {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  /** ISO 8601, UTC. */
  readonly since: string;
  /** Milliseconds since 1970; 0 once it was let go. */
  readonly until: number;
}

/** The right to write into a place. */
export interface Lock {
  /** Ends when somebody else has it, or nobody can tell. */
  readonly signal: AbortSignal;
  /** @throws StreamError REFUSED when somebody else has it by now */
  requireHeld(): Promise<void>;
}

/**
 * Does work that nobody else may do in this place at the same time. The lock is a file that is only ever replaced by who
 * knows its version, so that of two who find it free, or its holder dead, one gets it. It is never deleted: what makes
 * backups in AWS has no right to delete anything.
 *
 * @param now milliseconds since 1970
 * @throws StreamError REFUSED while somebody else works there
 */
export const withLock = async <Result>(
  place: Place,
  work: (lock: Lock) => Promise<Result>,
  now: () => number = Date.now,
): Promise<Result> => {
  const own = { id: randomUUID(), host: hostname(), pid: process.pid, since: new Date(now()).toISOString() };
  const written = (until: number): Buffer => Buffer.from(`${JSON.stringify({ ...own, until } satisfies Holder)}\n`);
  const before = await place.getVersion(LOCK);
  if (before !== undefined) requireFree(place, before, now());
  let until = now() + HELD_MS;
  let version = await place.swap(LOCK, before?.version, written(until));
  if (version === undefined) throw isTaken(place, undefined);

  const lost = new AbortController();
  const renew = async (next: number): Promise<void> => {
    version = (await place.swap(LOCK, version, written(next))) ?? (await again(next));
    if (version === undefined) lost.abort();
    else until = next;
  };
  /** An answer that got lost: the lock is ours under a version we have not been told. */
  const again = async (next: number): Promise<string | undefined> => {
    const there = await place.getVersion(LOCK);
    const isOurs = there !== undefined && holderIn(there.bytes)?.id === own.id;
    return isOurs ? place.swap(LOCK, there.version, written(next)) : undefined;
  };
  let turn = Promise.resolve();
  /** One after the other: each replaces what the one before has written. */
  const renewed = (next: number): Promise<void> => {
    turn = turn.catch(() => undefined).then(() => (lost.signal.aborted ? undefined : renew(next)));
    return turn;
  };
  const timer = setInterval(() => {
    // A place that does not answer may answer the next time; past its end nobody knows whose the lock is.
    renewed(now() + HELD_MS).catch(() => (now() > until ? lost.abort() : undefined));
  }, RENEW_EVERY_MS);
  try {
    return await work({
      signal: lost.signal,
      requireHeld: async () => {
        await renewed(now() + HELD_MS);
        if (lost.signal.aborted) throw isTaken(place, undefined);
      },
    });
  } finally {
    clearInterval(timer);
    // Whoever comes next need not wait; when this fails he waits until the lock ends.
    await renewed(0).catch(() => undefined);
  }
};

const requireFree = (place: Place, { bytes }: Version, now: number): void => {
  const holder = holderIn(bytes);
  if (holder === undefined || holder.until < now || isDead(place, holder)) return;
  throw isTaken(place, holder);
};

/** Undefined for what is no lock: it keeps nobody out. */
const holderIn = (bytes: Buffer): Holder | undefined => {
  try {
    const holder: Holder = JSON.parse(bytes.toString('utf8'));
    return holder;
  } catch {
    return undefined;
  }
};

/** In a folder of this machine the process tells; hosts of functions all have the same name. */
const isDead = (place: Place, { host, pid }: Holder): boolean => {
  if (!place.isFolder || host !== hostname()) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
};

const isTaken = (place: Place, holder: Holder | undefined): StreamError =>
  new StreamError(
    'REFUSED',
    holder === undefined
      ? `Somebody else has begun to make a backup in ${place.address}.`
      : `Process ${holder.pid} on ${holder.host} makes a backup in ${place.address}, since ${holder.since}.`,
    { next: `Wait for it; if it has died, it is taken over within ${HELD_MS / 1_000} s` },
  );
