import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { DEAD_LETTER_TOPIC, isTopicName } from '../../lib/catalog/index.ts';
import {
  type CrossKeyWrites,
  type Effect,
  failureHistory,
  type HandlerContext,
  type RecordHandler,
} from '../../lib/consumer/index.ts';
import { messageOf } from '../../lib/errors.ts';
import {
  type Codec,
  headerText,
  type InboundRecord,
  letterId,
  PATCHED_HEADER,
  placeOfLetter,
  positionOf,
  putBack,
} from '../../lib/events/index.ts';
import { birthsOf, type ClaimStatus, claimDeadLetter, lifeAt, wasDelivered } from '../../lib/idempotency/index.ts';
import { sideBySide } from '../../lib/side-by-side.ts';
import {
  countWrites,
  keepLetter,
  LETTERS_OWNER,
  letterWrites,
  type Original,
  readKept,
  readLetter,
  retryKey,
} from '../../lib/stores/dead-letters/index.ts';
import { type AlertRule, alertOf } from './alert.ts';
import { type Contents, contentsOf } from './contents.ts';
import type { Found } from './finding.ts';
import { isOutage, keepFailure } from './own-failures.ts';
import { lettersIn } from './shapes.ts';
import type { SourceLog } from './source-log.ts';
import { verdictOn } from './verdict.ts';

export interface DeadLetterPorts {
  readonly codec: Codec;
  readonly log: SourceLog;
  readonly alert: AlertRule;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Letters of one record that are filed at the same time. */
const AT_ONCE = 20;

const metrics = new Metrics({ serviceName: DEAD_LETTER_TOPIC });

/**
 * Files the dead letters in a record of the queue. What it fails on itself goes to the object store with its reason, and the
 * record counts as done; only an outage of Redis, the object store or the brokers has it delivered again.
 */
export const fileRecord =
  (ports: DeadLetterPorts): RecordHandler =>
  async (record, context) => {
    try {
      const effects: Effect[] = [];
      const found = await lettersIn(record, ports.log);
      await sideBySide(found, AT_ONCE, async (one) => {
        effects.push(await filed(one, record, context, ports));
      });
      return together(effects);
    } catch (error) {
      // Past the deadline nobody asks for the result any more; another delivery does the work.
      if (context.signal.aborted || isOutage(error)) throw error;
      const key = await keepFailure(context.objects, record, error);
      context.logger.error('a record of the dead-letter queue could not be filed', { key, reason: messageOf(error) });
      return undefined;
    }
  };

const filed = async (
  given: Found,
  record: InboundRecord,
  { redis, objects }: HandlerContext,
  ports: DeadLetterPorts,
): Promise<Effect> => {
  const [found, contents] = await Promise.all([
    inItsLife(given, record, redis),
    contentsOf(given, { codec: ports.codec, redis }),
  ]);
  const { traced, failedSince } = await withHistory(found, redis);
  const claim = await claimed(traced, contents, failedSince, redis);
  // The harness has dead-lettered this very record, and that letter knows the reason.
  if (claim === 'dead' && (await isKnown(traced, redis))) return {};
  const { letter, original } = claim === 'unknown' ? uncertain(traced) : traced;
  const before = await readLetter(redis, letter.id);
  const now = ports.now();
  const verdict = verdictOn(letter, before, claim === 'applied' || claim === 'repeat', now);
  if (verdict === undefined) return before === undefined ? {} : { crossKeyWrites: [inIndex(countWrites(letter))] };
  const { users, correlationId } = contents;
  const owner = contents.entry?.identity.tag;
  const unpatched = await unpatchedOf(found, objects);
  await keepLetter(objects, { letter, owner, users, correlationId, original, unpatched });
  const { status, nextRetryAt } = verdict;
  const writes = letterWrites(letter, { owner, users, correlationId, status, nextRetryAt, before });
  if (status === 'done') return { crossKeyWrites: [inIndex(writes)], unschedule: [retryKey(letter.id)] };
  measure(letter);
  return {
    crossKeyWrites: [inIndex(writes)],
    events: await alertOf(redis, letter, `${positionOf(record)}/${letter.id}`, ports.alert, now),
    ...(nextRetryAt === undefined
      ? { unschedule: before?.status === 'retrying' ? [retryKey(letter.id)] : [] }
      : { schedule: [{ key: retryKey(letter.id), at: nextRetryAt, record: putBack(letter, original) }] }),
  };
};

/** A topic that is made again has other records at the same places: their letters are not those of the records before. */
const inItsLife = async (found: Found, carrier: InboundRecord, redis: HandlerContext['redis']): Promise<Found> => {
  const { letter, original } = found;
  const place = placeOfLetter(letter.id);
  if (place === undefined || letter.redriveCount > 0 || !isTopicName(place.topic)) return found;
  const { topic, partition, offset } = place;
  const births = await birthsOf(redis, topic, partition);
  const isOfCarrier = topic === carrier.topic && partition === carrier.partition && offset === carrier.offset;
  const timestamp = isOfCarrier ? carrier.timestamp : (original.timestamp ?? Date.parse(letter.firstFailure));
  return { ...found, letter: { ...letter, id: letterId(topic, partition, offset, lifeAt(births, timestamp)) } };
};

/** The record as it was before a person replaced its payload: it is kept beside the one that has failed now. */
const unpatchedOf = async (
  { letter, original }: Found,
  objects: HandlerContext['objects'],
): Promise<Original | undefined> =>
  headerText(original.headers, PATCHED_HEADER) === undefined
    ? undefined
    : (await readKept(objects, letter.id))?.unpatched;

/**
 * What Lambda could not know when it gave up a batch: that some of its records were settled. From now on it is settled what
 * the record is. Of other shapes of dead letters the harness, or a connector, has said it.
 *
 * @param failedSince when the record first failed, milliseconds since 1970; undefined where no failure of it is known, as in a replay
 */
const claimed = async (
  { letter }: Found,
  { entry, consumed }: Contents,
  failedSince: number | undefined,
  redis: HandlerContext['redis'],
): Promise<ClaimStatus> => {
  if (letter.shape !== 'lambda' || entry === undefined || consumed === undefined) return 'open';
  const { identity, log } = entry;
  const isOfPresentLog = lifeAt(log.births, identity.timestamp) === log.births.length;
  const isTooOld = letter.code === 'RECORD_TOO_OLD' && failedSince === undefined && isOfPresentLog;
  const isReplayed = isTooOld && (await wasDelivered(redis, identity.topic, identity.partition, identity.offset));
  // A producer's clock may be ahead: then nothing is known of when.
  const published = identity.timestamp <= Date.now() ? identity.timestamp : 0;
  return claimDeadLetter(redis, consumed, entry, failedSince ?? published, isReplayed);
};

/** Whether there is a dead letter of the record already; a claim that was cut off has left none. */
const isKnown = async ({ letter }: Found, redis: HandlerContext['redis']): Promise<boolean> =>
  (await readLetter(redis, letter.id)) !== undefined;

/** Nobody can tell any more whether the record took effect before Lambda gave it up: a person decides. */
const uncertain = (found: Found): Found => ({
  ...found,
  letter: {
    ...found.letter,
    errorClass: 'permanent',
    message: `${found.letter.message} It was given up too long ago to tell whether it took effect before.`,
  },
});

const inIndex = (writes: CrossKeyWrites['writes']): CrossKeyWrites => ({
  name: 'index',
  owner: LETTERS_OWNER,
  writes,
});

/** Lambda's envelope does not tell when a record failed first; the harness remembers. */
const withHistory = async (
  found: Found,
  redis: HandlerContext['redis'],
): Promise<{ readonly traced: Found; readonly failedSince?: number }> => {
  const { letter } = found;
  if (letter.shape !== 'lambda') return { traced: found };
  const { consumer, lastFailure } = letter;
  const { attempts, firstFailure } = await failureHistory(redis, consumer, positionOf(letter), lastFailure);
  const traced = { ...found, letter: { ...letter, firstFailure } };
  // The present failure is one of them.
  return attempts > 1 ? { traced, failedSince: Date.parse(firstFailure) } : { traced };
};

const measure = ({ topic, code, shape }: Found['letter']): void => {
  const metric = metrics.singleMetric();
  // A dimension is paid for by its values: those of strangers are one.
  metric.addDimension('topic', isTopicName(topic) ? topic : 'other');
  metric.addDimension('reason', code);
  metric.addMetadata('shape', shape);
  metric.addMetric('DeadLetters', MetricUnit.Count, 1);
};

const together = (effects: readonly Effect[]): Effect => ({
  events: effects.flatMap(({ events = [] }) => events),
  unschedule: effects.flatMap(({ unschedule = [] }) => unschedule),
  schedule: effects.flatMap(({ schedule = [] }) => schedule),
  crossKeyWrites: effects.flatMap(({ crossKeyWrites = [] }) => crossKeyWrites),
});
