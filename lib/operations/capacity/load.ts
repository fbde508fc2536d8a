import type { Topic } from '../../catalog/index.ts';
import { QUOTAS } from './quotas.ts';
import { WORK } from './work.ts';

const DAY_SECONDS = 86_400;

/** Seconds a poller gathers records at most before it calls (Lambda, with-kafka-low-latency: below 100 ms). */
const GATHERED_SECONDS = 0.1;

/** Billed is the next whole millisecond: half of one more, on the mean. */
const ROUNDED_UP_MS = 0.5;

/** What a topic has to carry. */
export interface TopicLoad {
  readonly topic: Topic;
  /** Records a day. */
  readonly records: number;
  /** Records a second, on the mean and at the peak. */
  readonly mean: number;
  readonly peak: number;
  /** Bytes of a record. */
  readonly bytes: number;
  /** Calls at the same time at the peak, with full batches; a fraction where one environment is idle at times. */
  readonly concurrency: number;
  /** Pollers that carry the peak, and the mean, never fewer than the catalog's minimum. */
  readonly pollers: number;
  readonly meanPollers: number;
  /** Calls a day, and their milliseconds together. */
  readonly calls: number;
  readonly callMs: number;
}

/** Milliseconds of a call with `records` of them, in the memory and so the part of a processor that the topic's function has. */
export const callMs = ({ name, function: { memoryMb } }: Topic, records: number): number => {
  const { callCpuMs, recordCpuMs, callWaitMs, recordWaitMs } = WORK[name];
  const stretch = Math.max(1, QUOTAS.processorMb / memoryMb);
  return stretch * (callCpuMs + records * recordCpuMs) + callWaitMs + records * recordWaitMs;
};

/** Records of a call at most. */
const fullBatch = ({ mapping }: Topic, bytes: number): number =>
  Math.max(1, Math.min(mapping.batchSize, Math.floor(QUOTAS.callBytes / (bytes * QUOTAS.callBytesPerByte))));

const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

/**
 * @param records a day
 * @param peak how many times the mean
 * @param bytes of a record; measured ones unless given
 */
export const loadOf = (topic: Topic, records: number, peak: number, bytes = WORK[topic.name].bytes): TopicLoad => {
  const mean = records / DAY_SECONDS;
  const full = fullBatch(topic, bytes);
  const atOnce = (rate: number): number => (rate * callMs(topic, full)) / full / 1_000;
  const { minimumPollers } = topic.mapping;
  const pollersFor = (rate: number): number =>
    Math.max(
      minimumPollers,
      Math.ceil(Math.max(atOnce(rate) / QUOTAS.pollerCalls, (rate * bytes) / QUOTAS.pollerBytes)),
    );
  const meanPollers = pollersFor(mean);
  const batch = clamp((mean * GATHERED_SECONDS) / meanPollers, 1, full);
  const calls = records / batch;
  return {
    topic,
    records,
    mean,
    peak: mean * peak,
    bytes,
    concurrency: atOnce(mean * peak),
    pollers: pollersFor(mean * peak),
    meanPollers,
    calls,
    callMs: calls * (callMs(topic, batch) + ROUNDED_UP_MS),
  };
};
