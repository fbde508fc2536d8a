import { describe, expect, it } from 'vitest';
import { PermanentError } from '../../../lib/errors.ts';
import { eventFromJson } from '../../../lib/events/index.ts';

const failure = (topic: string, text: string): PermanentError => {
  try {
    eventFromJson(topic, text);
  } catch (error) {
    if (error instanceof PermanentError) return error;
    throw error;
  }
  throw new Error('it was taken');
};

describe('JSON on a topic', () => {
  it('may be a bare payload, which gets an envelope and the defaults of its schema', () => {
    const event = eventFromJson('analytics-events', '{"userId":"test","action":"scan"}', { source: 'here' });
    expect(event).toMatchObject({
      eventType: 'qr.scanned',
      source: 'here',
      version: '1.0',
      correlationId: null,
      payload: { userId: 'test', action: 'scan', qrId: null },
    });
    expect(event.eventId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  });

  it('may be a whole event, whose envelope is kept', () => {
    const text = JSON.stringify({
      eventId: 'abc-1',
      eventType: 'bulk.qr.chunk.requested',
      timestamp: '2026-01-02T03:04:05Z',
      source: 'elsewhere',
      payload: { batchId: 'b', userId: 'u', chunk: 3 },
    });
    expect(eventFromJson('bulk-qr-processing', text)).toMatchObject({
      eventId: 'abc-1',
      timestamp: '2026-01-02T03:04:05Z',
      source: 'elsewhere',
      payload: { chunk: 3, priority: 'normal' },
    });
  });

  it('loses fields its schema does not know: they may come from a newer version', () => {
    const { payload } = eventFromJson('analytics-events', '{"userId":"u","action":"scan","newer":1}');
    expect(payload).not.toHaveProperty('newer');
  });

  it.each([
    ['nothing a parser reads', '{"userId":', 'UNDECODABLE', /not valid JSON/],
    ['a list', '[1]', 'UNDECODABLE', /JSON object/],
    ['a missing field', '{"action":"scan"}', 'INVALID_EVENT', /payload\.userId is missing/],
    [
      'a field of the wrong type',
      '{"userId":7,"action":"scan"}',
      'INVALID_EVENT',
      /payload\.userId must be of type string, not 7/,
    ],
    [
      'a prototype as payload',
      '{"payload":{"__proto__":{"userId":"x"}}}',
      'INVALID_EVENT',
      /payload\.userId is missing/,
    ],
    [
      'an event type nobody has',
      '{"eventType":"no.such","payload":{}}',
      'UNKNOWN_EVENT_TYPE',
      /no event type "no.such"/,
    ],
    [
      'a type of another topic',
      '{"eventType":"bulk.qr.chunk.requested","payload":{}}',
      'UNKNOWN_EVENT_TYPE',
      /belongs on bulk-qr-processing/,
    ],
    [
      'a timestamp that is none',
      '{"timestamp":"soon","payload":{"userId":"u","action":"a"}}',
      'INVALID_EVENT',
      /timestamp must be a time/,
    ],
    [
      'an id with spaces',
      '{"eventId":"a b","payload":{"userId":"u","action":"a"}}',
      'INVALID_EVENT',
      /eventId must be/,
    ],
  ])('is refused with one sentence: %s', (_, text, code, sentence) => {
    const error = failure('analytics-events', text);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(sentence);
  });

  it('names the symbols of an enum', () => {
    const text = JSON.stringify({ batchId: 'b', userId: 'u', templateId: 't', itemCount: 1, priority: 'urgent' });
    expect(failure('bulk-qr-processing', text).message).toMatch(
      /payload\.priority must be one of normal, high, not "urgent"/,
    );
  });

  it('cannot be a payload on a topic without event types', () => {
    expect(failure('dead-letter-queue', '{}').message).toBe('The topic dead-letter-queue has no event types.');
  });
});
