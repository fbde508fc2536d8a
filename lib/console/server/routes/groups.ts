import { Hono } from 'hono';
import { StreamError } from '../../../errors.ts';
import { withAdmin } from '../../../operations/cluster.ts';
import { type ResetRequest, resetGroup, resetPlan } from '../../../operations/group-reset.ts';
import { listGroups } from '../../../operations/groups.ts';
import { describeTimedGroup } from '../../../operations/lag.ts';
import { type Reset, requireInactive } from '../../../operations/offsets.ts';
import { READER_GROUP_PREFIX } from '../../../operations/reader.ts';
import { type ResetTarget, resetEffect } from '../../../operations/reset-plan.ts';
import { RESET_WORDS, resetTarget } from '../../../operations/reset-target.ts';
import { nameIn } from '../../path-step.ts';
import type { ConsoleContext } from '../context.ts';
import { InputError, nextOf } from '../failure.ts';
import { bodyOf, type Input, queryOf } from '../input.ts';
import type { DoneReset, PlannedReset, ResetWord } from './groups-types.ts';

/** `/api/groups`: list, one with how far it is behind in time, what a reset would do, and the reset. */
export const groupRoutes = ({ stack }: ConsoleContext): Hono =>
  new Hono()
    .get('/', async (c) => {
      const groups = await withAdmin((await stack()).settings, listGroups);
      // The page itself reads messages by groups that are there for a moment.
      return c.json(groups.filter(({ group }) => !group.startsWith(READER_GROUP_PREFIX)));
    })
    .get('/:group', async (c) =>
      c.json(await describeTimedGroup((await stack()).settings, nameIn(c.req.param('group')))),
    )
    .get('/:group/reset', async (c) => {
      const { where, value, ...request } = resetIn(nameIn(c.req.param('group')), queryOf(c));
      const reset = await resetPlan((await stack()).settings, request);
      const planned: PlannedReset = {
        ...reset,
        effect: resetEffect(reset.steps),
        ...settledTarget(where, value, request.target),
        refused: refusalOf(reset),
      };
      return c.json(planned);
    })
    .post('/:group/reset', async (c) => {
      const body = await bodyOf(c);
      const { where: _, value: __, ...request } = resetIn(nameIn(c.req.param('group')), body);
      const { settings, functionsUrl } = await stack();
      const reset = await resetGroup(settings, request, body.flag('pause') ? functionsUrl : undefined);
      const done: DoneReset = { ...reset, effect: resetEffect(reset.steps) };
      return c.json(done);
    });

interface WordedReset extends ResetRequest {
  readonly where: ResetWord;
  readonly value: string | undefined;
}

/** @throws InputError */
const resetIn = (group: string, input: Input): WordedReset => {
  const topic = input.text('topic');
  const where = input.oneOf('where', RESET_WORDS);
  const value = input.optionalText('value');
  return { group, topic, where, value, target: targetIn(where, value), partitions: partitionsIn(input) };
};

const targetIn = (where: ResetWord, value: string | undefined): ResetTarget => {
  try {
    return resetTarget(where, value);
  } catch (error) {
    if (error instanceof StreamError) throw new InputError('value', error.message, { cause: error });
    throw error;
  }
};

const partitionsIn = (input: Input): readonly number[] | undefined => {
  const text = input.optionalText('partitions')?.replaceAll(/\s/g, '');
  if (text === undefined || text === '') return undefined;
  if (!/^\d{1,6}(,\d{1,6})*$/.test(text)) {
    throw new InputError('partitions', 'partitions are numbers with commas between them, such as 0,3.');
  }
  return [...new Set(text.split(',').map(Number))];
};

/** How long ago is a moment by the time the plan is read. */
const settledTarget = (
  where: ResetWord,
  value: string | undefined,
  target: ResetTarget,
): Pick<PlannedReset, 'where' | 'value'> =>
  target.to === 'datetime'
    ? { where: 'to-datetime', value: target.time.toISOString() }
    : { where, value: value ?? null };

const refusalOf = (reset: Reset): PlannedReset['refused'] => {
  try {
    requireInactive(reset);
    return null;
  } catch (error) {
    if (error instanceof StreamError) return { error: error.message, next: nextOf(error) };
    throw error;
  }
};
