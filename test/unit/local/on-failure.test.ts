import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { failureMessage } from '../../../lib/local/functions/on-failure.ts';
import { sourceRecord } from '../../../lib/local/functions/record.ts';

const sample = JSON.parse(readFileSync(new URL('../../events/on-failure-kafka.json', import.meta.url), 'utf8'));
const { eventSourceArn, bootstrapServers } = sample.payload;
const source = { topic: 'my-topic', eventSourceArn, bootstrapServers };
const recordAt = (timestamp: bigint) =>
  sourceRecord('my-topic', 0, {
    key: Buffer.from('test-key'),
    value: Buffer.from('test-value'),
    timestamp,
    timestampType: 'CREATE_TIME',
    offset: 100,
    headers: [],
  });
const record = recordAt(1_749_116_692_330n);
const now = Date.parse(sample.timestamp);
const last = { requestId: sample.requestContext.requestId, statusCode: 200, functionError: 'Unhandled' };

describe('the message of a record that was given up', () => {
  it('is the documented envelope, under the original key', () => {
    const message = failureMessage(source, record, { condition: 'RetriesExhausted', invokes: 3, last }, now);
    expect(message.key).toEqual(Buffer.from('test-key'));
    const envelope = JSON.parse(message.value);
    const { payload, ...metadata } = envelope;
    // What is ours in the sample's place: the local function, and an offset that Kafka can have.
    expect(metadata).toEqual({
      ...sample,
      payload: undefined,
      requestContext: {
        ...sample.requestContext,
        functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:my-topic:$LATEST',
      },
      KafkaBatchInfo: {
        ...sample.KafkaBatchInfo,
        payloadSize: Buffer.byteLength(JSON.stringify(payload)),
        recordInfo: { offset: '100', timestamp: '2025-06-05T09:44:52.330Z' },
      },
    });
    expect(payload).toEqual(sample.payload);
  });

  it('gives a time that no calendar has as the number that the record carries', () => {
    for (const timestamp of [1_760_000_000_000_000_000n, -9_000_000_000_000_000n]) {
      const { value } = failureMessage(
        source,
        recordAt(timestamp),
        { condition: 'RetriesExhausted', invokes: 3, last },
        now,
      );
      expect(JSON.parse(value).KafkaBatchInfo.recordInfo.timestamp).toBe(String(timestamp));
    }
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
