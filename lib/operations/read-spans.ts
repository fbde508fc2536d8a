import { type KafkaRecord, readStretches, type Stretch } from '../kafka/index.ts';
import type { Settings } from '../settings.ts';
import { kafkaFailure } from './cluster.ts';

/** A stretch of a partition; `end` is the offset to stop before. */
export type Span = Stretch;

export interface SpanOptions {
  /** Ends reading: it returns, with less read. */
  readonly signal?: AbortSignal | undefined;
  /** What an open transaction before the end of a span is: its end, or, unless given, something to wait for. */
  readonly openTransaction?: 'end' | 'wait';
}

/**
 * Reads stretches of partitions to their ends, several side by side, each in order, without a consumer group.
 *
 * @param onRecords records of a partition that follow each other; awaited, so that memory stays bounded
 * @throws TransientError BROKER_UNAVAILABLE, TIMED_OUT when a partition gives nothing more before its end
 */
export const readSpans = async <Place extends Span>(
  settings: Pick<Settings, 'brokers' | 'kafkaAuth'>,
  spans: readonly Place[],
  onRecords: (span: Place, records: readonly KafkaRecord[]) => Promise<void>,
  options: SpanOptions = {},
): Promise<void> => {
  const take = async (span: Place, records: readonly KafkaRecord[]): Promise<undefined> => {
    await onRecords(span, records);
    return undefined;
  };
  try {
    await readStretches(settings, spans, take, { clientId: 'stream-manager', ...options });
  } catch (error) {
    throw kafkaFailure(error, settings);
  }
};
