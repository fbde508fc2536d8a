import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventOf, openPublisher, type Publisher } from '../../lib/events/index.ts';
import { connectPlaces } from '../../lib/local/connect-places.ts';
import { type Documents, documentsOf } from '../support/documents.ts';
import { type OwnStack, ownStack } from '../support/own-stack.ts';
import { until } from '../support/until.ts';

let stack: OwnStack;
let publisher: Publisher;

const PATIENT = { timeoutMs: 120_000, everyMs: 200 };

beforeAll(async () => {
  stack = await ownStack('search');
  await stack.start('--with', 'connect');
  publisher = openPublisher(stack.settings);
});

afterAll(async () => {
  await publisher?.close();
  await stack?.dispose();
});

const untilFound = (indices: string, field: string, value: string, count: number): Promise<Documents> =>
  until(
    `${count} documents with ${field} ${value} are found`,
    async () => {
      const hits = await documentsOf(connectPlaces(stack.ports).searchUrl, indices, field, value);
      return hits.total.value >= count && hits;
    },
    PATIENT,
  );

const auditOf = (actor: string, timestamp = new Date().toISOString()) =>
  eventOf(
    'audit.recorded',
    { actor, action: 'team.member.removed', resource: 'team/42', before: '{"email":"a@b.c"}', at: timestamp },
    { source: 'test', timestamp },
  );

/** Puts JSON on a topic as a service in another language would. */
const putJson = (topic: 'audit-logs' | 'analytics-events', key: string, value: unknown): Promise<unknown> =>
  publisher.publishRaw([{ topic, key: Buffer.from(key), value: Buffer.from(JSON.stringify(value)), headers: [] }]);

describe('an event that a sink takes', () => {
  it('is found by a query in the index of its month, with the fields that are kept', async () => {
    const actor = `user-${randomUUID()}`;
    const event = auditOf(actor, '2026-03-01T00:30:00.000+02:00');
    const begun = performance.now();
    await publisher.publish(event);
    const { hits } = await untilFound('audit-*', 'payload.actor', actor, 1);
    console.log(`from publishing to found: ${Math.round(performance.now() - begun)} ms`);
    expect(hits).toMatchObject([{ _index: 'audit-2026.02', _id: event.eventId }]);
    expect(hits[0]?._source).toEqual({
      eventId: event.eventId,
      eventType: 'audit.recorded',
      timestamp: event.timestamp,
      source: 'test',
      correlationId: event.correlationId,
      payload: { actor, action: 'team.member.removed', resource: 'team/42', at: event.payload.at },
    });
  });

  it('may be JSON, of an event or of its payload alone', async () => {
    const actor = `user-${randomUUID()}`;
    const payload = { actor, action: 'a.b', resource: 'team/1', at: '2026-11-01T00:00:00Z' };
    const eventId = randomUUID();
    await putJson('audit-logs', actor, { eventId, timestamp: '2026-11-01T00:00:00Z', payload });
    await putJson('audit-logs', actor, payload);
    const { hits } = await untilFound('audit-*', 'payload.actor', actor, 2);
    const ids = hits.map(({ _id }) => _id);
    expect(ids).toHaveLength(2);
    expect(ids).toEqual(expect.arrayContaining([eventId, expect.stringMatching(/^audit-logs-\d-\d+$/)]));
  });

  it('has in the index no address, no User-Agent and no referrer', async () => {
    const userId = `user-${randomUUID()}`;
    const scan = { qrId: 'qr-1', userId, action: 'scan', ip: '203.0.113.7', userAgent: 'A', referrer: 'https://r/x' };
    await publisher.publish(eventOf('qr.scanned', { ...scan, country: 'DE' }, { source: 'test' }));
    await putJson('analytics-events', 'qr-1', scan);
    const { hits } = await untilFound('scans-*', 'payload.userId', userId, 2);
    for (const { _source } of hits) {
      expect(JSON.stringify(_source)).not.toMatch(/203\.0\.113\.7|"ip"|userAgent|referrer/);
    }
  });
});

describe('a record that its index does not take', () => {
  it('is a dead letter that dlq list shows with the reason, and the sink goes on', async () => {
    const actor = `user-${randomUUID()}`;
    const payload = { actor, action: 'a.b', resource: 'team/1', at: 'yesterday' };
    await putJson('audit-logs', actor, payload);
    await publisher.publish(auditOf(actor));
    await untilFound('audit-*', 'payload.actor', actor, 1);
    const letters = await until(
      'the dead letter is listed',
      async () => {
        const { out } = await stack.cli.run('dlq', 'list', '--consumer', 'connect-search', '--json');
        return out.includes('payload.at') && out;
      },
      PATIENT,
    );
    expect(letters).toContain('does not take it: failed to parse field [payload.at]');
    expect(await stack.cli.json('connectors', 'status', 'search')).toMatchObject({ state: 'RUNNING' });
  });
});

describe('an event whose id is longer than a document may have', () => {
  it('is one dead letter, and costs no other document', async () => {
    const actor = `user-${randomUUID()}`;
    const payload = { actor, action: 'a.b', resource: 'team/1', at: '2026-11-01T00:00:00Z' };
    const timestamp = '2026-11-01T00:00:00Z';
    await putJson('audit-logs', actor, { eventId: 'x'.repeat(600), timestamp, payload });
    await publisher.publish(auditOf(actor));
    await untilFound('audit-*', 'payload.actor', actor, 1);
    await until(
      'the dead letter is listed',
      async () => {
        // The function refuses it too: one letter, with the reasons of both in its history.
        const { out } = await stack.cli.run('dlq', 'list', '--topic', 'audit-logs', '--letters', '--json');
        const ids = [...out.matchAll(/"id": ?"([^"]+)"/g)].map(([, id = '']) => id);
        const shown = await Promise.all(ids.map((id) => stack.cli.run('dlq', 'show', id, '--json')));
        return shown.some((letter) => letter.out.includes('longer than the 512 bytes'));
      },
      PATIENT,
    );
    expect(await stack.cli.json('connectors', 'status', 'search')).toMatchObject({ state: 'RUNNING' });
  });
});

describe('the search server', () => {
  it('killed while records flow and started again has every record once', async () => {
    const actor = `user-${randomUUID()}`;
    const publish = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i += 1) await publisher.publish(auditOf(actor));
    };
    await publish(100);
    await stack.kill('search');
    await publish(100);
    expect((await stack.cli.run('health')).code).toBe(1);
    await stack.start();
    await publish(50);
    const { total, hits } = await untilFound('audit-*', 'payload.actor', actor, 250);
    expect(total.value).toBe(250);
    expect(new Set(hits.map(({ _id }) => _id)).size).toBe(250);
    expect(await stack.cli.json('connectors', 'status', 'search')).toMatchObject({ state: 'RUNNING' });
  });

  it('has its templates from the start, and again nothing is to be done', async () => {
    expect(await stack.cli.json('connectors', 'migrate')).toEqual({ done: [] });
  });
});
