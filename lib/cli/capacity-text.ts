import { environment, PRICES } from '../catalog/index.ts';
import { type Bound, type Capacity, NOT_COUNTED, type TopicCapacity } from '../operations/capacity/index.ts';
import { bytes, number } from './format.ts';
import { right, table } from './table.ts';
import { colours } from './terminal.ts';

/** Three digits are more than a reckoning of this kind is worth. */
const rough = (value: number): string =>
  value >= 100 ? number(Math.round(value)) : String(Number(value.toPrecision(3)));

/** Only the digits that say something: `49 million`, `1.6 billion`. */
const large = (value: number): string => {
  if (value === Number.POSITIVE_INFINITY) return 'never';
  const [size, word] = value >= 1e9 ? [1e9, ' billion'] : value >= 1e6 ? [1e6, ' million'] : [1, ''];
  return `${number(Number((value / size).toPrecision(2)))}${word}`;
};

const dollars = (usd: number): string => `$${number(Math.round(usd))}`;

/** Part of a limit, red where it is all taken. */
const taken = ({ used }: Bound): string => {
  const text = `${number(Math.round(used * 100))} %`;
  return used >= 1 ? colours.red(text) : text;
};

const whose = ({ limit, topic }: Bound): string => (topic === undefined ? limit : `${limit} of ${topic}`);

const topicRow = (one: TopicCapacity): string[] => [
  one.topic,
  number(Math.round(one.eventsPerDay)),
  rough(one.peakPerSecond),
  String(one.partitions),
  `${one.pollers} of ${one.maximumPollers}`,
  `${rough(one.concurrency)} of ${one.reservedConcurrency}`,
  one.bound.limit,
  taken(one.bound),
  large(one.bound.bindsAt),
];

const topicTable = ({ topics }: Capacity): string =>
  table(
    [
      'TOPIC',
      ...['EVENTS/DAY', 'PEAK/S', 'PARTITIONS', 'POLLERS', 'AT ONCE'].map(right),
      'FIRST LIMIT',
      ...['TAKEN', 'BINDS AT/DAY'].map(right),
    ],
    topics.map(topicRow),
  );

const sharedTable = ({ shared }: Capacity): string =>
  table(
    ['SHARED BY ALL', ...['TAKEN', 'BINDS AT/DAY'].map(right)],
    shared.map((bound) => [bound.limit, taken(bound), large(bound.bindsAt)]),
  );

const needsTable = ({ environment: name, kafka, pollers, concurrency, cache }: Capacity): string => {
  const { cluster, cache: limits } = environment(name);
  const { express, standard, partitions } = kafka;
  return table(
    ['NEEDED', right('AT THE PEAK'), right(`${name} HAS`)],
    [
      [
        `Brokers, ${express.instanceType}`,
        String(express.brokers),
        cluster.kind === 'express' ? String(cluster.brokers) : '-',
      ],
      [
        `or brokers, ${standard.instanceType}, ${number(standard.volumeGib ?? 0)} GiB each`,
        String(standard.brokers),
        cluster.kind === 'standard' ? `${cluster.brokers} ${cluster.instanceType}` : '-',
      ],
      ['Partitions, three copies each', String(partitions), String(partitions)],
      ['Event pollers', number(pollers.peak), '-'],
      ['Event poller units', `${pollers.unitsPeak} (mean ${pollers.unitsMean})`, '-'],
      ['Functions at work at the same time', rough(concurrency), '-'],
      ['Cache memory', bytes(cache.bytes), bytes(limits.gigabytes * 1e9)],
      ['Cache units a second', rough(cache.unitsPerSecondPeak), number(limits.ecpuPerSecond)],
    ],
  );
};

/** Kinds of keys that take less than this part of the cache are told together. */
const SMALL = 0.005;

const cacheTable = ({ cache }: Capacity): string => {
  const main = cache.groups.filter(({ bytes: size }) => size >= SMALL * cache.bytes).sort((a, b) => b.bytes - a.bytes);
  const rest = cache.groups.filter((group) => !main.includes(group));
  const row = (name: string, keys: number, size: number): string[] => [
    name,
    large(keys),
    bytes(Math.round(size)),
    `${Math.round((100 * size) / cache.bytes)} %`,
  ];
  const sum = (of: (group: (typeof rest)[number]) => number): number => rest.reduce((total, one) => total + of(one), 0);
  return table(
    ['IN THE CACHE', ...['KEYS', 'MEMORY', 'PART'].map(right)],
    [
      ...main.map(({ group, keys, bytes: size }) => row(group, keys, size)),
      ...(rest.length === 0
        ? []
        : [
            row(
              'All else',
              sum(({ keys }) => keys),
              sum(({ bytes: size }) => size),
            ),
          ]),
      row('Together', cache.keys, cache.bytes),
    ],
  );
};

const choiceTable = ({ cache: { serverless, nodes, cheaper } }: Capacity): string => {
  const mark = (name: typeof cheaper): string => (name === cheaper ? colours.green('← cheaper') : '');
  return table(
    ['CACHE, A MONTH', right('DATA'), right('COMMANDS'), right('TOGETHER'), ''],
    [
      [
        'Serverless',
        dollars(serverless.dataUsd),
        dollars(serverless.commandsUsd),
        dollars(serverless.usd),
        mark('serverless'),
      ],
      [
        `${nodes.nodes} ${nodes.instanceType}, ${nodes.shards === 1 ? 'one shard' : `${nodes.shards} shards`} and replicas`,
        '-',
        '-',
        dollars(nodes.usd),
        mark('nodes'),
      ],
    ],
  );
};

const billTable = ({ costs, kafka, usd }: Capacity): string =>
  table(
    ['A MONTH', right('EXPRESS'), right('STANDARD')],
    [
      ['Kafka', dollars(kafka.express.usd), dollars(kafka.standard.usd)],
      ...costs.map((cost) => [cost.what, dollars(cost.usd), dollars(cost.usd)]),
      ['Together', dollars(usd.express), dollars(usd.standard)],
    ],
  );

/** Nodes of a cache are told as one. */
const family = (price: string): string => (price.startsWith('cache.') ? 'nodes of the cache' : price);

/** What a load needs, costs and meets first, in lines. */
export const capacityText = (capacity: Capacity, peak: number): readonly string[] => {
  const { bindsFirst, unchecked } = capacity;
  const isOver = bindsFirst.used >= 1;
  const mark = isOver ? colours.red('✗') : colours.green('✓');
  return [
    `${large(capacity.eventsPerDay)} events a day: ${rough(capacity.meanPerSecond)} a second on the mean, ${rough(capacity.peakPerSecond)} at the peak (${peak} times), ${bytes(Math.round(capacity.bytesPerDay))} a day.`,
    `${large(capacity.scansPerDay)} of them are scans, of ${large(capacity.codes)} codes of ${large(capacity.users)} users.`,
    '',
    topicTable(capacity),
    '',
    sharedTable(capacity),
    '',
    needsTable(capacity),
    '',
    cacheTable(capacity),
    '',
    choiceTable(capacity),
    '',
    billTable(capacity),
    '',
    `${mark} Binds first in ${capacity.environment}: ${whose(bindsFirst)}, at ${large(bindsFirst.bindsAt)} events a day.`,
    `  Raised by ${bindsFirst.raisedBy}.`,
    '',
    `Prices of US East as of ${PRICES.callTime.seen} and earlier (lib/catalog/prices.ts); nobody has checked: ${[...new Set(unchecked.map(family))].join(', ')}.`,
    `Not counted: ${NOT_COUNTED}.`,
    'Memory follows from a table of all keys, which --measure holds to a real run; times of functions are estimated (docs/aws.md).',
  ];
};
