import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';
import { type TopicName, topic } from '../../lib/catalog/index.ts';
import {
  type BatchResponse,
  type Connections,
  type ConsumerOptions,
  type LambdaHandler,
  type MskRecord,
  openConnections,
} from '../../lib/consumer/index.ts';
import { DEAD_LETTER_HEADER, type EventOf, headerText, recordOf } from '../../lib/events/index.ts';
import { type LogRecord, readTopic } from '../../lib/operations/reader.ts';
import type { Settings } from '../../lib/settings.ts';
import { newPartition } from './bookkeeping.ts';

/** Lambda's own context of an invocation with `timeoutMs` to go. */
export const contextFor = (name: string, timeoutMs = 30_000): Context => {
  const end = Date.now() + timeoutMs;
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
    memoryLimitInMB: '512',
    awsRequestId: randomUUID(),
    logGroupName: '',
    logStreamName: '',
    getRemainingTimeInMillis: () => Math.max(0, end - Date.now()),
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
};

/** A consumer of a topic as an event source mapping calls it, on the real stores and broker. */
export interface Delivery {
  readonly connections: Connections;
  /** Delivers events as one batch, all in one partition, at new offsets each time. */
  deliver(...events: readonly EventOf[]): Promise<BatchResponse>;
  /** Events as one batch, to be delivered as often as one likes: whole, or what a slice of it holds. */
  batchOf(...events: readonly EventOf[]): Promise<readonly MskRecord[]>;
  deliverBatch(records: readonly MskRecord[], others?: Partial<Connections>): Promise<BatchResponse>;
  /** The same, with something of the connections replaced: for what fails. */
  deliverWith(others: Partial<Connections>, ...events: readonly EventOf[]): Promise<BatchResponse>;
  /** Reasons of the dead letters with this key, in order. */
  reasons(key: string): Promise<string[]>;
}

/** @param make makes the handler, with what the harness is to talk to */
export const deliveryTo = (
  name: TopicName,
  make: (options: ConsumerOptions) => LambdaHandler,
  settings: Settings,
): Delivery => {
  const connections = openConnections(topic(name), settings);
  const batchOf: Delivery['batchOf'] = async (...events) => {
    const [partition, first] = [newPartition(), Math.floor(Math.random() * 1e6)];
    return Promise.all(
      events.map(async (event, i) => {
        const { key, value, headers } = await recordOf(connections.publisher.codec, event);
        return {
          topic: name,
          partition,
          offset: first + i,
          timestamp: Date.now(),
          key: key?.toString('base64') ?? null,
          value: value?.toString('base64') ?? null,
          headers: headers.map(([header, content]) => ({ [header]: [...content] })),
        };
      }),
    );
  };
  const deliverBatch: Delivery['deliverBatch'] = (records, others = {}) => {
    const handler = make({ connect: () => ({ ...connections, ...others }) });
    const id = `${name}-${records[0]?.partition}`;
    return handler({ eventSource: 'aws:kafka', records: { [id]: records } }, contextFor(name));
  };
  const deliverWith: Delivery['deliverWith'] = async (others, ...events) =>
    deliverBatch(await batchOf(...events), others);
  return {
    connections,
    batchOf,
    deliverBatch,
    deliverWith,
    deliver: (...events) => deliverWith({}, ...events),
    reasons: async (key) => {
      const found: LogRecord[] = [];
      await readTopic(settings, 'dead-letter-queue', { from: 'beginning', untilEnd: true }, (record) => {
        if (record.key?.toString() === key) found.push(record);
      });
      return found.map(({ headers }) => headerText(headers, DEAD_LETTER_HEADER.errorMessage) ?? '');
    },
  };
};
