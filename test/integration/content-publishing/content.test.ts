import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { CONTENT_HANDLERS, scheduleKey } from '../../../handlers/content-publishing/change.ts';
import { readContent } from '../../../handlers/content-publishing/content-state.ts';
import { PLACES } from '../../../handlers/content-publishing/places.ts';
import { closeConnections, createConsumer } from '../../../lib/consumer/index.ts';
import { TransientError } from '../../../lib/errors.ts';
import { type EventInputs, type EventOf, eventOf } from '../../../lib/events/index.ts';
import { resolveRedirect } from '../../../lib/stores/redirects.ts';
import { deliveryTo } from '../../support/delivery.ts';
import { testStack } from '../../support/stack.ts';
import { updateTypesOf } from '../../support/updates.ts';

const { settings } = testStack();
const { connections, deliver, deliverWith, reasons } = deliveryTo(
  'content-publishing',
  (options) => createConsumer('content-publishing', CONTENT_HANDLERS, options),
  settings,
);
const { redis, objects, schedule } = connections;
afterAll(() => closeConnections(connections));

type Type = keyof typeof CONTENT_HANDLERS;

/** Events of one content of its own. */
const newContent = () => {
  const [contentId, userId, qrId] = [randomUUID(), randomUUID(), randomUUID()];
  const base = { contentId, userId, actorId: 'editor-1', version: 1 };
  const event = <T extends Type>(type: T, payload: EventInputs[T]): EventOf =>
    eventOf(type, payload, { source: 'test' });
  return {
    contentId,
    userId,
    qrId,
    submitted: (version = 1) => event('content.submitted', { ...base, version, qrId }),
    approved: (version = 1) => event('content.approved', { ...base, version }),
    rejected: () => event('content.rejected', { ...base, reason: 'The price is wrong' }),
    published: (more: { version?: number; destination?: string; page?: string } = {}) =>
      event('content.published', { ...base, qrId, ...more }),
    scheduled: (publishAt: string, destination = 'https://example.com/later') =>
      event('content.scheduled', { ...base, qrId, publishAt, destination }),
    unpublished: () => event('content.unpublished', base),
    archived: () => event('content.archived', base),
    state: async () => (await readContent(redis, contentId))?.state,
    redirect: async () => (await resolveRedirect(redis, qrId))?.destination,
    updates: () => updateTypesOf(redis, userId),
  };
};

const DONE = { batchItemFailures: [] };

describe('a content', () => {
  it('goes from submission to publication, and a scan resolves to it at once', async () => {
    const content = newContent();
    const url = 'https://example.com/menu';
    expect(await deliver(content.submitted(), content.approved(), content.published({ destination: url }))).toEqual(
      DONE,
    );
    expect(await content.state()).toBe('published');
    expect(await content.redirect()).toBe(url);
    expect(await content.updates()).toEqual(['content.submitted', 'content.approved', 'content.published']);
  });

  it('with a landing page has it in object storage, and another version another page', async () => {
    const content = newContent();
    await deliver(content.submitted(), content.approved(), content.published({ page: '<h1>1</h1>' }));
    await deliver(content.published({ version: 2, page: '<h1>2</h1>' }));
    const key = `pages/${content.contentId}/2.html`;
    expect(await content.redirect()).toBe(`page:${key}`);
    expect((await objects.get(key))?.toString()).toBe('<h1>2</h1>');
  });

  it('that is unpublished or archived leads nowhere, and can be erased with all it has left', async () => {
    const content = newContent();
    await deliver(content.submitted(), content.approved(), content.published({ page: '<p>' }), content.unpublished());
    expect(await content.redirect()).toBeUndefined();
    await deliver(content.archived());
    expect(await content.state()).toBe('archived');
    const stores = { redis, objects, signal: new AbortController().signal };
    const erase = () => Promise.all(PLACES.map((place) => place.erase(content.userId, stores)));
    expect(await erase()).toEqual([1]);
    expect(await erase()).toEqual([0]);
    expect(await content.state()).toBeUndefined();
    expect(await objects.list(`pages/${content.contentId}/`)).toEqual([]);
  });

  it('that is replayed, in whole or in part, changes nothing', async () => {
    const content = newContent();
    const events = [
      content.submitted(),
      content.approved(),
      content.published({ destination: 'https://example.com/x' }),
    ];
    await deliver(...events);
    const before = await redis.hgetall(`content:{${content.contentId}}`);
    expect(await deliver(...events)).toEqual(DONE);
    expect(await deliver(...events.slice(1))).toEqual(DONE);
    expect(await redis.hgetall(`content:{${content.contentId}}`)).toEqual(before);
    expect(await content.updates()).toHaveLength(3);
    expect(await reasons(content.contentId)).toEqual([]);
  });
});

describe('an illegal event', () => {
  it('is a dead letter that names both states, and the next event is worked', async () => {
    const content = newContent();
    await deliver(
      content.submitted(),
      content.rejected(),
      content.published({ destination: 'https://example.com' }),
      content.submitted(2),
    );
    expect(await content.state()).toBe('submitted');
    expect(await content.redirect()).toBeUndefined();
    expect(await reasons(content.contentId)).toEqual([
      `Content ${content.contentId} cannot go from rejected to published: that is possible from approved, scheduled, published, unpublished.`,
    ]);
  });

  it('is one of an older version: a conflict', async () => {
    const content = newContent();
    await deliver(content.submitted(3), content.approved(2));
    expect(await content.state()).toBe('submitted');
    expect(await reasons(content.contentId)).toEqual([
      `Content ${content.contentId} is at version 3; the event speaks of version 2: a version conflict.`,
    ]);
  });
});

describe('a schedule', () => {
  it('publishes at its time, a later date replaces an earlier one, and unpublishing cancels it', async () => {
    const content = newContent();
    await deliver(
      content.submitted(),
      content.approved(),
      content.scheduled('2100-01-01T00:00:00Z'),
      content.scheduled('2100-01-02T00:00:00Z'),
    );
    const dueAt = Date.parse('2100-01-02T00:00:00Z');
    const mine = async () =>
      (await schedule.due(dueAt, 1_000)).filter(({ key }) => key === scheduleKey(content.contentId));
    const entries = await mine();
    expect(entries.map((entry) => entry.dueAt)).toEqual([dueAt]);
    const [entry] = entries;
    if (entry === undefined) throw new Error('nothing is scheduled');
    const event = await connections.publisher.codec.decode({ ...entry.record, partition: 0, offset: 0, timestamp: 0 });
    expect(event).toMatchObject({ eventType: 'content.published', timestamp: '2100-01-02T00:00:00.000Z' });
    await deliver(event);
    expect(await content.redirect()).toBe('https://example.com/later');
    expect(await mine()).toEqual([]);

    const other = newContent();
    await deliver(other.submitted(), other.approved(), other.scheduled('2100-01-01T00:00:00Z'), other.unpublished());
    expect((await schedule.due(dueAt, 1_000)).filter(({ key }) => key === scheduleKey(other.contentId))).toEqual([]);
  });

  it('with a bad time or destination is refused at once', async () => {
    const content = newContent();
    await deliver(
      content.submitted(),
      content.approved(),
      content.scheduled('soon'),
      content.scheduled('2030-01-01T00:00:00Z', 'ftp://x'),
    );
    expect(await content.state()).toBe('approved');
    expect(await reasons(content.contentId)).toHaveLength(2);
  });
});

describe('object storage that fails', () => {
  it('is a transient failure: nothing is seen of the publication until it comes back', async () => {
    const content = newContent();
    await deliver(content.submitted(), content.approved());
    const published = content.published({ page: '<p>' });
    const down = { ...objects, put: () => Promise.reject(new TransientError('OBJECT_STORE_UNAVAILABLE', 'down')) };
    expect((await deliverWith({ objects: down }, published)).batchItemFailures).toHaveLength(1);
    expect(await content.state()).toBe('approved');
    expect(await deliver(published)).toEqual(DONE);
    expect(await content.state()).toBe('published');
  });
});
