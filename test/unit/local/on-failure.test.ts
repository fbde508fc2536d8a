import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { failureMessage } from '../../../lib/local/functions/on-failure.ts';
import { sourceRecord } from '../../../lib/local/functions/record.ts';

const sample = JSON.parse(readFileSync(new URL('../../events/on-failure-kafka.json', import.meta.url), 'utf8'));
const { eventSourceArn, bootstrapServers } = sample.payload;
const source = { topic: 'mytopic', eventSourceArn, bootstrapServers };
const record = sourceRecord('mytopic', 0, {
  key: Buffer.from('key'),
  value: Buffer.from('Hello, this is a test.'),
  timestamp: 1_545_084_650_987n,
  timestampType: 'CREATE_TIME',
  offset: 15,
  headers: [],
});
const now = Date.parse(sample.timestamp);
const last = { requestId: sample.requestContext.requestId, statusCode: 200, functionError: 'Unhandled' };

/** Names of all fields, in order, with those of the objects inside. */
const shapeOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).map(([name, inner]) => [name, shapeOf(inner)])
    : typeof value;

describe('the message of a record that was given up', () => {
  it('is the documented envelope, under the original key', () => {
    const message = failureMessage(source, record, { condition: 'RetriesExhausted', invokes: 3, last }, now);
    expect(message.key).toEqual(Buffer.from('key'));
    const envelope = JSON.parse(message.value);
    expect(envelope).toEqual(sample);
    expect(shapeOf(envelope)).toEqual(shapeOf(sample));
  });

  it('has no response when the function was never called, and a key only when the record had one', () => {
    const why = { condition: 'MaximumPayloadSizeExceeded', invokes: 0, last: undefined } as const;
    const message = failureMessage(source, { ...record, key: null }, why, now);
    expect(message.key).toBeNull();
    const envelope = JSON.parse(message.value);
    expect(envelope.responseContext).toBeNull();
    expect(envelope.requestContext).toMatchObject({
      condition: 'MaximumPayloadSizeExceeded',
      approximateInvokeCount: 0,
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it('says of a record past its age what Kinesis says', () => {
    const { value } = failureMessage(source, record, { condition: 'RecordAgeExceeded', invokes: 1, last }, now);
    expect(JSON.parse(value).requestContext.condition).toBe('RecordAgeExceeded');
  });
});
