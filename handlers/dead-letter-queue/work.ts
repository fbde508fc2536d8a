import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { DEAD_LETTER_TOPIC, isTopicName } from '../../lib/catalog/index.ts';
import { failureHistory } from '../../lib/consumer/failure-history.ts';
import type { Effect, HandlerContext, RecordHandler } from '../../lib/consumer/index.ts';
import { messageOf } from '../../lib/errors.ts';
import {
  type Codec,
  headerText,
  type InboundRecord,
  PATCHED_HEADER,
  positionOf,
  putBack,
} from '../../lib/events/index.ts';
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
import { areMarked } from '../../lib/stores/marks.ts';
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
  found: Found,
  record: InboundRecord,
  { redis, objects }: HandlerContext,
  ports: DeadLetterPorts,
): Promise<Effect> => {
  const contents = await contentsOf(found, ports.codec);
  const isDone = found.letter.shape === 'lambda' ? await lambdaKnew(redis, contents) : false;
  // The harness has dead-lettered this very record, and that letter knows the reason.
  if (isDone === 'dead') return {};
  const { letter, original } = await withHistory(found, redis);
  const before = await readLetter(redis, letter.id);
  const now = ports.now();
  const verdict = verdictOn(letter, before, isDone, now);
  if (verdict === undefined) return { elsewhere: [{ owner: LETTERS_OWNER, writes: countWrites(letter) }] };
  const { doneMark, users, correlationId } = contents;
  const unpatched = await unpatchedOf(found, objects);
  await keepLetter(objects, { letter, doneMark, users, correlationId, original, unpatched });
  const { status, nextRetryAt } = verdict;
  const writes = letterWrites(letter, { ...contents, status, nextRetryAt, before });
  if (status === 'done') return { elsewhere: [{ owner: LETTERS_OWNER, writes }], cancel: [retryKey(letter.id)] };
  measure(letter);
  return {
    elsewhere: [{ owner: LETTERS_OWNER, writes }],
    events: await alertOf(redis, letter, `${positionOf(record)}/${letter.id}`, ports.alert, now),
    ...(nextRetryAt === undefined
      ? { cancel: before?.status === 'retrying' ? [retryKey(letter.id)] : [] }
      : { later: [{ key: retryKey(letter.id), at: nextRetryAt, record: putBack(letter, original) }] }),
  };
};

/** The record as it was before a person replaced its payload: it is kept beside the one that has failed now. */
const unpatchedOf = async (
  { letter, original }: Found,
  objects: HandlerContext['objects'],
): Promise<Original | undefined> =>
  headerText(original.headers, PATCHED_HEADER) === undefined
    ? undefined
    : (await readKept(objects, letter.id))?.unpatched;

/** What Lambda could not know when it gave up a batch: that some of its records were done with. */
const lambdaKnew = async (
  redis: HandlerContext['redis'],
  { doneMark, deadMark }: Contents,
): Promise<boolean | 'dead'> => {
  const isMarked = async (mark: string | undefined): Promise<boolean> =>
    mark !== undefined && (await areMarked(redis, [[mark]]))[0] === true;
  const [dead, done] = await Promise.all([isMarked(deadMark), isMarked(doneMark)]);
  return dead ? 'dead' : done;
};

/** Lambda's envelope does not tell when a record failed first; the harness remembers. */
const withHistory = async (found: Found, redis: HandlerContext['redis']): Promise<Found> => {
  const { letter } = found;
  if (letter.shape !== 'lambda') return found;
  const { consumer, lastFailure } = letter;
  const { firstFailure } = await failureHistory(redis, consumer, positionOf(letter), lastFailure);
  return { ...found, letter: { ...letter, firstFailure } };
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
  cancel: effects.flatMap(({ cancel = [] }) => cancel),
  later: effects.flatMap(({ later = [] }) => later),
  elsewhere: [
    {
      owner: LETTERS_OWNER,
      writes: effects.flatMap(({ elsewhere = [] }) => elsewhere.flatMap(({ writes }) => writes)),
    },
  ],
});
