import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { eventOf, openPublisher } from '../../lib/events/index.ts';
import type { Trace } from '../../lib/operations/trace/index.ts';
import { cliWith } from '../support/cli.ts';
import { testStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

const { dataDir, settings } = testStack();
const cli = cliWith({ QR_DATA_DIR: dataDir });
const publisher = openPublisher(settings);
afterAll(() => publisher.close());

it('one request is traced through its events, consumers, dead letters and logs; one event through what came of it', async () => {
  const correlationId = `request-${randomUUID()}`;
  const payload = { contentId: randomUUID(), userId: randomUUID(), actorId: 'editor-1', version: 1 };
  const submitted = eventOf('content.submitted', payload, { source: 'test', correlationId });
  const origin = { source: 'test', correlationId, causationId: submitted.eventId };
  const approved = eventOf('content.approved', payload, origin);
  const early = eventOf('content.archived', { ...payload, contentId: randomUUID() }, origin);
  await publisher.publish(submitted);
  await publisher.publish(approved, early);

  const trace = () => cli.json<Trace>('trace', correlationId, '--since', '1h');
  const { events, letters, logs } = await until(
    'all is known',
    async () => {
      const found = await trace();
      const isDone = found.events.every(({ consumer }) => consumer?.state !== 'waiting');
      return isDone && found.events.length >= 3 && found.letters.length === 1 && found.logs.length > 0 && found;
    },
    { timeoutMs: 90_000 },
  );
  const of = (id: string) => events.find(({ eventId }) => eventId === id);
  expect(of(submitted.eventId)).toMatchObject({ depth: 0, consumer: { group: 'content-publishers', state: 'done' } });
  expect(of(approved.eventId)).toMatchObject({ depth: 1, consumer: { state: 'done' } });
  const dead = of(early.eventId);
  expect(dead).toMatchObject({ depth: 1, causedBy: of(submitted.eventId)?.n, consumer: { state: 'dead-lettered' } });
  expect(letters).toMatchObject([
    { id: `content-publishing-${dead?.partition}-${dead?.offset}`, correlationId, history: [{ what: 'failed' }] },
  ]);
  expect(logs).toMatchObject([{ function: 'content-publishing', level: 'WARN', eventId: early.eventId }]);

  const part = await cli.run('trace', early.eventId, '--since', '1h');
  expect(part, part.err).toMatchObject({ code: 0 });
  expect(part.out).toMatch(/\[1\] content\.archived/);
  expect(part.out).toMatch(/✗ content-publishers: went to the dead-letter queue/);
  expect(part.out).not.toContain('content.approved');

  const nothing = await cli.run('trace', randomUUID(), '--since', '1m');
  expect(nothing).toMatchObject({ code: 1, out: '', err: expect.stringContaining('Nothing names') });
});
