import { TransientError } from '../errors.ts';
import { HEADER, headerText } from '../events/index.ts';
import { groupBy } from '../group-by.ts';
import { applyInTurn, applyOnce, keepApplied } from '../idempotency/index.ts';
import { hashTag } from '../stores/hash-tag.ts';
import type { BatchPorts, Process } from './batch.ts';
import { failureOf } from './dead-letter.ts';
import type { CrossKeyWrites, Effect, HandlerContext } from './effect.ts';
import { causeOf, entryOf, type Item, isUnfinished, type Result } from './item.ts';
import { eachGroup, orderingGroups } from './ordering-groups.ts';
import { publishEffects } from './published-effects.ts';

/** Handles one record; it throws what is wrong with it. */
export type ItemHandler = (item: Item, context: HandlerContext) => Promise<Effect | undefined> | Effect | undefined;

/** Processes records one by one, in their order where the catalog asks for one. */
export const perRecord =
  (handle: ItemHandler): Process =>
  async (items, ports, settle) => {
    await eachGroup(orderingGroups(await items, ports.topic.ordering), async (group) => {
      for (const item of group) {
        const result = await processRecord(item, handle, ports);
        settle(item, result);
        // What follows in the group must not overtake it.
        if (isUnfinished(result)) return;
      }
    });
  };

/** Handles one record and does its effect. @returns what became of it; it never throws */
const processRecord = async (item: Item, handle: ItemHandler, ports: BatchPorts): Promise<Result> => {
  if (item.read.kind === 'invalid') return failureOf(item, item.read.error, ports);
  try {
    return await ports.deadline.within(done(item, handle, ports));
  } catch (error) {
    return failureOf(item, error, ports);
  }
};

/** An owner that changes under a record's hands each time is worked on somewhere else: a later delivery does the record. */
const TURNS = 10;

/** Handles it again for as long as another invocation has written to its owner meanwhile: what was read was of before. */
const done = async (item: Item, handle: ItemHandler, ports: BatchPorts): Promise<Result> => {
  for (let turn = 0; turn < TURNS; turn += 1) {
    const result = await doneInTurn(item, handle, ports);
    if (result !== 'conflict') return result;
  }
  throw new TransientError('CONFLICT', 'Another invocation writes to the same owner all the time.', {
    next: 'It is tried again; the same batch may be running twice',
  });
};

const doneInTurn = async (item: Item, handle: ItemHandler, ports: BatchPorts): Promise<Result | 'conflict'> => {
  const { topic, redis, deadline, versions } = ports;
  const { tag } = item.identity;
  const version = topic.isSerial ? (versions.get(tag) ?? '') : '';
  const effect = (await handle(item, contextOf(item, ports))) ?? {};
  // The time may have run out meanwhile: then another delivery does the record.
  deadline.signal.throwIfAborted();
  const headers = { traceparent: headerText(item.headers, HEADER.traceparent) };
  await publishEffects(ports, causeOf(item), effect, topic.consumerGroup, headers);
  if (effect.reject !== undefined) throw effect.reject;
  deadline.signal.throwIfAborted();
  const elsewhere = merged(effect.crossKeyWrites ?? []);
  try {
    await applyElsewhere(item, elsewhere, ports);
    const turn = await applyInTurn(redis, topic, entryOf(item), effect.writes ?? [], version);
    versions.set(tag, turn.version);
    if (turn.outcome === 'conflict') return 'conflict';
    return turn.outcome === 'settled' ? 'skipped' : 'processed';
  } catch (error) {
    // Should it be given up and redriven long afterwards, what took effect elsewhere must not do so again.
    await keepElsewhere(item, elsewhere, ports);
    throw error;
  }
};

/** Writes of one name to one owner are one script. */
const merged = (all: readonly CrossKeyWrites[]): readonly CrossKeyWrites[] =>
  [...groupBy(all, ({ owner, name }) => `${name}#${owner}`).values()].flatMap(([first, ...rest]) =>
    first === undefined ? [] : [{ ...first, writes: [first, ...rest].flatMap(({ writes }) => writes) }],
  );

/** @throws the first failure, once all writes have ended */
const applyElsewhere = async (
  item: Item,
  all: readonly CrossKeyWrites[],
  { topic, redis }: BatchPorts,
): Promise<void> => {
  const ends = await Promise.allSettled(
    all.map(({ name, owner, writes }) => applyOnce(redis, topic, hashTag(owner), [entryOf(item, name)], writes)),
  );
  const failure = ends.find((end) => end.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
};

const keepElsewhere = async (
  item: Item,
  all: readonly CrossKeyWrites[],
  { topic, redis }: BatchPorts,
): Promise<void> => {
  await Promise.allSettled(
    all.map(({ name, owner }) => keepApplied(redis, topic, hashTag(owner), entryOf(item, name))),
  );
};

const contextOf = (
  item: Item,
  { redis, objects, deadline: { remainingMs, signal }, observation }: BatchPorts,
): HandlerContext => ({
  redis,
  objects,
  remainingMs,
  signal,
  tag: item.identity.tag,
  // Made when it is asked for: a logger costs more than the rest of what the harness does for a record.
  get logger() {
    return observation.of(item);
  },
});
