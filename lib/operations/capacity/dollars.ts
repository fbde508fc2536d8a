import { type Environment, PRICES, SCHEDULED_FUNCTIONS, TOPICS, type Topic } from '../../catalog/index.ts';
import type { History } from './cache/index.ts';
import { MONTH_HOURS } from './kafka.ts';
import type { TopicLoad } from './load.ts';

/** A line of the bill. */
export interface Cost {
  readonly what: string;
  /** Dollars a month. */
  readonly usd: number;
}

const MONTH_DAYS = MONTH_HOURS / 24;
const MONTH_SECONDS = MONTH_HOURS * 3_600;
const MILLION = 1e6;

const sum = <Item>(items: readonly Item[], of: (item: Item) => number): number =>
  items.reduce((total, item) => total + of(item), 0);

const gigabytesOf = ({ function: { memoryMb } }: Pick<Topic, 'function'>): number => memoryMb / 1_024;

/** What a month costs beside the brokers: of the mean, where something scales by itself. */
export const costsOf = (
  environment: Environment,
  {
    topics,
    pollerUnits,
    cache,
    history,
  }: {
    readonly topics: readonly TopicLoad[];
    /** Event poller units on the mean. */
    readonly pollerUnits: number;
    /** The cheaper one. */
    readonly cache: Cost;
    readonly history: History;
  },
): readonly Cost[] => {
  const gigabyteSeconds = sum(topics, ({ topic, callMs }) => (gigabytesOf(topic) * callMs) / 1_000) * MONTH_DAYS;
  // One of each is always at work.
  const scheduled = sum(SCHEDULED_FUNCTIONS, gigabytesOf) * MONTH_SECONDS;
  const warm =
    sum(TOPICS, (topic) => (topic.function.provisionedConcurrency ?? 0) * gigabytesOf(topic)) * MONTH_SECONDS;
  return [
    { what: 'Event poller units', usd: pollerUnits * MONTH_HOURS * PRICES.pollerUnit.usd },
    {
      what: 'Functions, calls',
      usd: ((sum(topics, ({ calls }) => calls) * MONTH_DAYS) / MILLION) * PRICES.calls.usd,
    },
    { what: 'Functions, time', usd: (gigabyteSeconds + scheduled) * PRICES.callTime.usd },
    { what: 'Functions, kept warm', usd: warm * PRICES.keptWarm.usd },
    cache,
    { what: history.in === 'objects' ? 'History, objects' : 'History, database storage', usd: history.usd },
    ...connectCosts(environment),
    { what: 'NAT gateways', usd: environment.natGateways * MONTH_HOURS * PRICES.natGateway.usd },
  ];
};

/** Workers of connectors, as many as there are at least: they are paid for whatever they do. */
const connectCosts = ({ connect }: Environment): readonly Cost[] => {
  if (connect === undefined) return [];
  const units = sum(Object.values(connect.connectors), ({ mcus, workers, isAway }) =>
    isAway === true ? 0 : mcus * workers.least,
  );
  return [{ what: 'Connect workers', usd: units * MONTH_HOURS * PRICES.connectUnit.usd }];
};

/** What is not reckoned, because it does not follow from the catalog. */
export const NOT_COUNTED =
  'traffic between zones and through NAT, S3 but for history, the database itself, snapshots, logs and metrics, X-Ray, interface endpoints, e-mails and SMS';
