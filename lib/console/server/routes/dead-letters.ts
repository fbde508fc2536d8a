import { Hono } from 'hono';
import { eventTypesOf, isTopicName, topic as topicEntry } from '../../../catalog/index.ts';
import {
  findLetters,
  historyWords,
  KNOWN_NAMES,
  meantBy,
  operator,
  requireLetter,
  STATUSES_MEANT,
  showLetter,
  summarise,
  withLetters,
} from '../../../operations/dead-letters/index.ts';
import { valueDecoder } from '../../../operations/values/decoder.ts';
import type { Letter } from '../../../stores/dead-letters/index.ts';
import { nameIn } from '../../path-step.ts';
import type { ConsoleContext } from '../context.ts';
import { ACTIONS } from '../dead-letters/actions.ts';
import { ACTS } from '../dead-letters/acts.ts';
import { choiceIn, chosen, filterIn } from '../dead-letters/choice.ts';
import { patchOf } from '../dead-letters/patch.ts';
import { placeIn, placeOf } from '../dead-letters/place.ts';
import { planOf } from '../dead-letters/plan.ts';
import { letterRuns } from '../dead-letters/runs.ts';
import { wishIn } from '../dead-letters/wish.ts';
import { bodyOf, queryOf } from '../input.ts';
import type { CheckedPatch, LetterDetails, LetterNames, LetterPage, LetterReasons } from './dead-letters-types.ts';

/** Letters that are counted by reason: who has more looks at part of them. */
const LOOKED_AT = 10_000;
const LIMIT = { min: 1, max: 200, otherwise: 50 };

/** `/api/dead-letters`: by reason, each, one, what would be done with them, and what is done. */
export const deadLetterRoutes = ({ stack }: ConsoleContext): Hono => {
  const runs = letterRuns();
  return new Hono()
    .get('/', async (c) => {
      const filter = filterIn(queryOf(c), STATUSES_MEANT.list);
      const found = await withLetters((await stack()).settings, ({ redis }) =>
        findLetters(redis, filter, LOOKED_AT + 1),
      );
      const letters = found.slice(0, LOOKED_AT);
      const answer: LetterReasons = {
        groups: summarise(letters),
        letters: letters.length,
        hasMore: found.length > LOOKED_AT,
        meant: letters.length === 0 ? meantBy(filter) : [],
      };
      return c.json(answer);
    })
    .get('/names', (c) => {
      const names: LetterNames = KNOWN_NAMES;
      return c.json(names);
    })
    .get('/letters', async (c) => {
      const query = queryOf(c);
      const filter = filterIn(query, STATUSES_MEANT.list);
      const limit = query.whole('limit', LIMIT);
      const after = placeIn(query);
      const found = await withLetters((await stack()).settings, ({ redis }) =>
        findLetters(redis, filter, limit + 1, after),
      );
      const letters = found.slice(0, limit);
      const answer: LetterPage = { letters, next: found.length > limit ? placeOf(letters.at(-1)) : null };
      return c.json(answer);
    })
    .get('/letters/:id', async (c) => {
      const { settings } = await stack();
      const { history, ...shown } = await withLetters(settings, async (stores) =>
        showLetter(await requireLetter(stores.redis, nameIn(c.req.param('id'))), stores, valueDecoder(settings)),
      );
      const answer: LetterDetails = {
        ...shown,
        history: history.map((entry) => ({ ...entry, words: historyWords(entry) })),
        isPatchable: isPatchable(shown) && shown.record !== null,
      };
      return c.json(answer);
    })
    .post('/letters/:id/check', async (c) => {
      const json = (await bodyOf(c)).text('json');
      const { kept, patched } = await withLetters((await stack()).settings, async (stores) =>
        patchOf(await requireLetter(stores.redis, nameIn(c.req.param('id'))), json, operator(), stores),
      );
      const { eventId, eventType, payload } = patched.event;
      const answer: CheckedPatch = {
        ...{ eventId, eventType, payload },
        keyBefore: kept.original.key?.toString('utf8') ?? null,
        key: patched.original.key?.toString('utf8') ?? null,
      };
      return c.json(answer);
    })
    .get('/plan', async (c) => {
      const query = queryOf(c);
      const { statuses, plan } = ACTS[query.oneOf('action', ACTIONS)];
      const until = Date.now();
      const choice = choiceIn(query, statuses, until);
      const letters = await withLetters((await stack()).settings, (stores) => chosen(choice, stores));
      return c.json(planOf(plan(letters, query.flag('again')), until));
    })
    .get('/runs', (c) => c.json(runs.last() ?? null))
    .post('/runs', async (c) => {
      const wish = wishIn(await bodyOf(c), operator());
      const { settings } = await stack();
      const { choice, json, by } = wish;
      if (json !== undefined && 'id' in choice) {
        // What is wrong with it is said at once, at its field.
        await withLetters(settings, async (stores) =>
          patchOf(await requireLetter(stores.redis, choice.id), json, by, stores),
        );
      }
      return c.json(runs.begin(settings, wish), 202);
    })
    .delete('/runs/:id', (c) => c.json(runs.stop(nameIn(c.req.param('id')))));
};

/** There is a schema to hold a new payload against. */
const isPatchable = ({ topic, redrivable, status }: Pick<Letter, 'topic' | 'redrivable' | 'status'>): boolean =>
  redrivable && status !== 'done' && isTopicName(topic) && eventTypesOf(topicEntry(topic)).length > 0;
