import { Hono } from 'hono';
import { eventTypesOf, isTopicName, topic as topicEntry } from '../../../catalog/index.ts';
import { type ErrorCode, StreamError } from '../../../errors.ts';
import { type BrowsedRecord, browse, PLACES, recordAt } from '../../../operations/browse/index.ts';
import { sendTestMessages } from '../../../operations/test-message.ts';
import { nameIn } from '../../path-step.ts';
import type { ConsoleContext } from '../context.ts';
import { InputError } from '../failure.ts';
import { bodyOf, queryOf } from '../input.ts';
import type { ListedRecord, MessageForm } from './messages-types.ts';

const PREVIEW_CHARACTERS = 240;
const OFFSET = { min: 0, max: Number.MAX_SAFE_INTEGER };
const PARTITION = { min: 0, max: 9_999 };
/** What is wrong with the text of a message, not with what surrounds it. */
const OF_THE_TEXT: readonly ErrorCode[] = ['UNDECODABLE', 'INVALID_EVENT', 'UNKNOWN_EVENT_TYPE'];

/** `/api/messages/TOPIC`: browse, look at one, send one. */
export const messageRoutes = ({ stack }: ConsoleContext): Hono =>
  new Hono()
    .get('/:topic', async (c) => {
      const query = queryOf(c);
      const text = query.optionalText('search');
      const browsing = {
        topic: nameIn(c.req.param('topic')),
        order: query.oneOf('order', ['newest', 'oldest'], 'newest'),
        partition: query.optionalWhole('partition', PARTITION),
        offset: query.optionalWhole('offset', OFFSET),
        time: query.optionalTime('time'),
        cursor: query.optionalText('cursor'),
        limit: query.whole('limit', { min: 1, max: 200, otherwise: 50 }),
        search: text === undefined ? undefined : { text, place: query.oneOf('place', PLACES, 'anywhere') },
      };
      const page = await browse((await stack()).settings, browsing, c.req.raw.signal);
      return c.json({ ...page, records: page.records.map(listed) });
    })
    .get('/:topic/form', (c) => {
      const name = nameIn(c.req.param('topic'));
      const entry = isTopicName(name) ? topicEntry(name) : undefined;
      const form: MessageForm = {
        eventTypes: entry === undefined ? [] : eventTypesOf(entry),
        key: entry?.key ?? null,
      };
      return c.json(form);
    })
    .get('/:topic/:partition/:offset', async (c) => {
      const { topic: step, partition, offset } = c.req.param();
      const topic = nameIn(step);
      const place = { topic, partition: wholeIn('partition', partition), offset: wholeIn('offset', offset) };
      return c.json(await recordAt((await stack()).settings, place, c.req.raw.signal));
    })
    .post('/:topic', async (c) => {
      const body = await bodyOf(c);
      const message = {
        topic: nameIn(c.req.param('topic')),
        json: body.text('json'),
        key: body.optionalText('key'),
        headers: body.texts('headers'),
      };
      const [sent] = await sendTestMessages((await stack()).settings, [message]).catch((error: unknown) => {
        if (!(error instanceof StreamError) || !OF_THE_TEXT.includes(error.code)) throw error;
        throw new InputError('json', error.message, { code: error.code, ...(error.next && { next: error.next }) });
      });
      if (sent === undefined) throw new StreamError('SERVICE_FAILED', 'The message was not published.');
      const { topic, partition, offset, key, event } = sent;
      return c.json({ topic, partition, offset, key, eventId: event?.eventId ?? null }, 201);
    });

const wholeIn = (name: string, text: string): number => {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InputError(name, `${name} must be a whole number.`);
};

const listed = ({ value, headers, ...record }: BrowsedRecord): ListedRecord => ({
  ...record,
  preview: (typeof value === 'string' ? value : (JSON.stringify(payloadOf(value)) ?? '')).slice(0, PREVIEW_CHARACTERS),
  eventType: headers['event-type'] ?? null,
});

/** What an event is about: its envelope is the same for all. */
const payloadOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'payload' in value && 'eventId' in value ? value.payload : value;
