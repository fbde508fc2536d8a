import { setTimeout as delay } from 'node:timers/promises';
import { DEAD_LETTER_TOPIC, TOPICS } from '../../catalog/index.ts';
import { newEventId, openPublisher, positionOf } from '../../events/index.ts';
import { letterIdNow } from '../../idempotency/index.ts';
import type { Settings } from '../../settings.ts';
import { readLetter } from '../../stores/dead-letters/index.ts';
import { openObjects } from '../../stores/objects.ts';
import { openRedis } from '../../stores/redis.ts';
import { withAdmin } from '../cluster.ts';
import { readTopic } from '../reader.ts';
import { type Entry, type Fate, fatesOf } from './book.ts';
import { type DeadLetters, deadLetters } from './dead-letters.ts';
import { plan } from './plan.ts';
import { type Progress, progress } from './progress.ts';
import { publishPlan } from './publishing.ts';
import { stage } from './stage.ts';
import { type Summary, summaryOf, type TopicState, topicStates } from './summary.ts';

export type { Reason } from './dead-letters.ts';
export type { Latency } from './latency.ts';
export type { Summary, TopicState } from './summary.ts';

export interface SimulationOptions {
  /** Events a second, on the mean. */
  readonly rate: number;
  readonly seconds: number;
  /** The same seed makes the same events, but for the names of one run and the times. */
  readonly seed: number;
  /** Ends the publishing early; what is published by then is still waited for and accounted for. */
  readonly signal: AbortSignal;
  /** Address of the functions host. */
  readonly functionsUrl: string;
  /** Called a few times a second; the states are reckoned when they are asked for. */
  readonly onState: (states: () => readonly TopicState[], elapsedMs: number) => void;
}

/** What a run keeps count of. */
interface Run {
  readonly id: string;
  readonly entries: Entry[];
  readonly letters: DeadLetters;
  readonly watched: Progress;
}

const LOOK_MS = 250;
/** When no group that is behind has moved for so long, what is left will not be committed. */
const STALLED_MS = 90_000;
/** Dead letters that are in the log and not read yet come within this time. */
const EXPLAINED_MS = 15_000;

/**
 * Plays a part of a day of the product on a running stack: publishes it, waits until every group has worked what there is,
 * and says of every record what became of it.
 *
 * @throws StreamError when the stack does not answer
 */
export const simulate = async (settings: Settings, options: SimulationOptions): Promise<Summary> => {
  const run: Run = { id: newEventId(), entries: [], letters: deadLetters(), watched: progress(options.functionsUrl) };
  const reading = new AbortController();
  const dead = await readDeadLetters(settings, run.letters, reading.signal);
  try {
    const times = await played(settings, run, options);
    const fates = await explained(settings, run);
    return summaryOf({ ...run, ...times, seed: options.seed, fates });
  } finally {
    reading.abort();
    await dead.ended;
  }
};

/** Reads the dead-letter queue from now on. */
const readDeadLetters = async (settings: Settings, letters: DeadLetters, signal: AbortSignal) => {
  let ended: Promise<unknown> = Promise.resolve();
  await new Promise<void>((resolve, reject) => {
    ended = readTopic(settings, DEAD_LETTER_TOPIC, { from: 'end', signal, onReady: resolve }, letters.add);
    ended.catch(reject);
  });
  return { ended };
};

/** Publishes, and watches until all groups have worked everything there is, or none moves any more. */
const played = async (settings: Settings, run: Run, options: SimulationOptions) => {
  const { rate, seconds, seed, signal, onState } = options;
  const publisher = openPublisher(settings, { clientId: 'qr-simulation' });
  const objects = openObjects(settings);
  const begun = performance.now();
  const elapsed = (): number => performance.now() - begun;
  let publishedMs: number | undefined;
  // Names of one run that are short enough to read.
  const steps = plan(stage(seed, run.id.slice(-6)), run.id);
  const publishing = publishPlan(steps, Math.round(rate * seconds), seconds * 1_000, {
    publisher,
    objects,
    signal,
    onPublished: (entry) => {
      run.entries.push(entry);
      run.watched.published(entry);
    },
  }).finally(() => {
    publishedMs = elapsed();
  });
  // Asked for below; until then it must not count as nobody's.
  publishing.catch(() => undefined);
  try {
    await withAdmin(settings, async (admin) => {
      for (; ; await delay(LOOK_MS)) {
        const wasPublished = publishedMs !== undefined;
        await run.watched.look(admin);
        onState(() => topicStates(run), elapsed());
        const lag = TOPICS.reduce((sum, { name }) => sum + run.watched.lagOf(name), 0);
        if (wasPublished && (lag === 0 || run.watched.stuckMs() > STALLED_MS)) return;
      }
    });
    await publishing;
    return { publishedMs: publishedMs ?? elapsed(), workedMs: elapsed() };
  } finally {
    objects.close();
    await publisher.close();
  }
};

/** What became of every record, once that is known of all of them; or what is known when the time is up. */
const explained = async (settings: Settings, { entries, letters }: Run): Promise<readonly Fate[]> => {
  const redis = openRedis(settings);
  // What Lambda gave up comes in an envelope, whose record only the queue's own consumer finds.
  const isDead = async (entry: Entry): Promise<boolean> =>
    letters.has(positionOf(entry)) || (await readLetter(redis, await letterIdNow(redis, entry))) !== undefined;
  try {
    for (const end = performance.now() + EXPLAINED_MS; ; await delay(LOOK_MS)) {
      const fates = await fatesOf(entries, redis, isDead);
      if (!fates.includes('unexplained') || performance.now() > end) return fates;
    }
  } finally {
    redis.disconnect();
  }
};
