import { messageOf, StreamError, TransientError } from '../../errors.ts';
import { openCodec, openRegistry, positionOf } from '../../events/index.ts';
import type { Settings } from '../../settings.ts';
import { openRedis } from '../../stores/redis.ts';
import { withAdmin } from '../cluster.ts';
import { findEvents, type SearchOptions, type SeenEvent } from './events.ts';
import { lettersOf, type SeenLetter } from './letters.ts';
import { type FunctionLog, linesAbout, type SeenLine } from './logs.ts';
import { type Outcome, outcomesOf } from './outcomes.ts';
import { offspring, type Placed, placed } from './tree.ts';

export { isLetterOf, type SeenLetter } from './letters.ts';
export type { FunctionLog, SeenLine } from './logs.ts';
export type { Outcome } from './outcomes.ts';

/** An event, its place among the others, and what its consumer made of it. */
export interface TracedEvent extends Placed {
  readonly consumer: Outcome | null;
}

/** Everything that is known of one request, or of one event and what came of it. */
export interface Trace {
  readonly id: string;
  /** What ties it together; null where no event says so. */
  readonly correlationId: string | null;
  /** Whether the id is that of an event in the middle: then only what came of it is here. */
  readonly isPart: boolean;
  /** Records looked at. */
  readonly looked: number;
  /** In the order in which they came onto their topics. */
  readonly events: readonly TracedEvent[];
  readonly letters: readonly SeenLetter[];
  readonly logs: readonly SeenLine[];
}

export interface TraceOptions extends SearchOptions {
  readonly logs: readonly FunctionLog[];
}

/**
 * Traces a correlationId, or an eventId, through topics, consumers, dead letters and the logs of this machine's functions.
 *
 * @throws StreamError NOT_FOUND when nothing names the id; TransientError BROKER_UNAVAILABLE, REDIS_UNAVAILABLE
 */
export const traceOf = async (settings: Settings, id: string, options: TraceOptions): Promise<Trace> => {
  const codec = openCodec(openRegistry(settings));
  const first = await findEvents(settings, codec, id, options);
  const asked = first.events.find(({ eventId }) => eventId === id);
  const isTie = first.events.some(({ correlationId }) => correlationId === id);
  const tie = isTie ? id : (asked?.correlationId ?? undefined);
  const isPart = !isTie && tie !== undefined;
  // What an event in the middle has caused further down names only what ties it together.
  const second = isPart ? await findEvents(settings, codec, tie, options) : undefined;
  const events = second === undefined ? first.events : offspring(second.events, id);
  const found = await surroundings(settings, events, isPart ? undefined : (tie ?? id));
  const ids = new Set([
    ...(isPart ? [] : [id]),
    ...events.flatMap(({ eventId }) => (eventId === null ? [] : [eventId])),
  ]);
  const logs = await linesAbout(options.logs, ids, options.since);
  if (events.length + found.letters.length + logs.length === 0) {
    throw new StreamError('NOT_FOUND', `Nothing names ${id} since ${new Date(options.since).toISOString()}.`, {
      next: 'Look further back with --since 7d; topics keep their records only so long: ./stream-manager.sh topics',
    });
  }
  return {
    ...{ id, correlationId: tie ?? null, isPart, looked: first.looked + (second?.looked ?? 0) },
    events: placed(events).map((event, i) => ({ ...event, consumer: found.outcomes[i] ?? null })),
    letters: found.letters,
    logs,
  };
};

const surroundings = async (settings: Settings, events: readonly SeenEvent[], tie: string | undefined) => {
  const redis = openRedis(settings);
  try {
    await redis.ping().catch((error: unknown) => {
      throw new TransientError('REDIS_UNAVAILABLE', `Redis does not answer: ${messageOf(error)}.`, {
        next: 'See ./stream-manager.sh health',
        cause: error,
      });
    });
    const [outcomes, letters] = await Promise.all([
      withAdmin(settings, (admin) => outcomesOf(redis, admin, events)),
      lettersOf(redis, events, tie),
    ]);
    return { outcomes, letters };
  } finally {
    redis.disconnect();
  }
};

/** Number of the event that a record of a log line or a letter is about. */
export const eventAt = (events: readonly TracedEvent[], record: string | null): TracedEvent | undefined =>
  record === null ? undefined : events.find((event) => positionOf(event) === record);
