import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import type { Topic } from '../catalog/index.ts';
import type { StreamError } from '../errors.ts';
import { type InboundRecord, positionOf } from '../events/index.ts';
import type { CacheLoss } from '../idempotency/index.ts';
import { asStreamError, causeOf, eventOfItem, type Item, type Result } from './item.ts';

/** Latencies of one batch that go out: with the 100th value of a metric Powertools would write at once, with half of the metrics. */
const LATENCIES = 99;

/** What a function tells about its work: logs, and metrics in embedded metric format (CloudWatch, "EMF"). */
export interface Observation {
  readonly logger: Logger;
  /** Logs that carry the ids of one record. */
  readonly of: (item: Item) => Logger;
  readonly begin: (context: Context) => void;
  readonly failed: (item: Item, error: unknown, result: Result) => void;
  /** The cache has lost data. */
  readonly cacheLost: (loss: CacheLoss) => void;
  /** Writes the metrics of a batch. */
  readonly finished: (results: ReadonlyMap<Item, Result>) => void;
}

const METRIC: Readonly<Record<Result, string>> = {
  processed: 'RecordsDone',
  skipped: 'RecordsSkipped',
  'dead-lettered': 'RecordsDeadLettered',
  failed: 'RecordsFailed',
  'not-attempted': 'RecordsHeld',
};

/** @param topic the consumed topic: the service of logs and metrics */
export const openObservation = (topic: Topic): Observation => {
  const logger = new Logger({ serviceName: topic.name });
  const metrics = new Metrics({ serviceName: topic.name, defaultDimensions: { consumerGroup: topic.consumerGroup } });
  const of = (item: Item): Logger => logger.createChild({ persistentLogAttributes: idsOf(item) });
  return {
    logger,
    of,
    begin: (context) => logger.addContext(context),
    failed: (item, thrown, result) => {
      const error = asStreamError(thrown);
      const text =
        result === 'dead-lettered'
          ? 'a record went to the dead-letter queue'
          : 'a record failed and will be delivered again';
      const said = { ...failureOf(error), ...(error.code === 'UNEXPECTED' ? { stack: stackOf(error) } : {}) };
      if (result === 'dead-lettered') of(item).warn(text, said);
      else of(item).error(text, said);
    },
    cacheLost: (loss) => {
      logger.critical('the cache has lost its newest writes', {
        ...loss,
        next: 'Repair it: ./stream-manager.sh repair --since 10m, with a time before the loss',
      });
      metrics.addMetric('CacheLosses', MetricUnit.Count, 1);
    },
    finished: (results) => {
      const now = Date.now();
      metrics.addMetric('BatchSize', MetricUnit.Count, results.size);
      for (const [result, name] of entries(METRIC)) {
        const count = [...results.values()].filter((one) => one === result).length;
        if (count > 0) metrics.addMetric(name, MetricUnit.Count, count);
      }
      const fresh = [...results].filter(([, result]) => result === 'processed');
      for (const [{ timestamp }] of spread(fresh, LATENCIES)) {
        metrics.addMetric('EndToEndLatency', MetricUnit.Milliseconds, Math.max(0, now - timestamp));
      }
      metrics.publishStoredMetrics();
    },
  };
};

const entries = <Key extends string, Value>(table: Readonly<Record<Key, Value>>): [string, Value][] =>
  Object.entries(table);

/** At most `count` of the items, evenly from first to last. */
const spread = <Item>(items: readonly Item[], count: number): readonly Item[] => {
  const step = Math.max(1, items.length / count);
  return items.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step));
};

const idsOf = (item: Item): Record<string, string> => {
  const event = eventOfItem(item);
  return {
    record: positionOf(item satisfies InboundRecord),
    correlationId: causeOf(item).correlationId,
    ...(event === undefined ? {} : { eventId: event.eventId, eventType: event.eventType }),
  };
};

const failureOf = (error: StreamError): Record<string, string> => ({
  errorCode: error.code,
  errorClass: error.failureClass,
  reason: error.message,
  ...(error.next === undefined ? {} : { next: error.next }),
});

const stackOf = ({ cause }: StreamError): string => (cause instanceof Error ? (cause.stack ?? '') : '');
