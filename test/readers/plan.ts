/** A record for a producer to write; bytes. */
export interface Written {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly (readonly [name: string, value: Buffer | null])[];
  /** Milliseconds since 1970 as a rule; the producer's clock where absent. */
  readonly timestamp?: bigint;
  /** The plan's topic and partition 0 unless given. */
  readonly to?: { readonly topic: string; readonly partition: number };
}

export const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type Codec = (typeof CODECS)[number];

/** What one of the clients of a plan does next. One that begins a transaction first is transactional. */
export type Step = { readonly client: string } & (
  | { readonly does: 'send'; readonly records: readonly Written[] }
  | { readonly does: 'begin' | 'commit' | 'abort' }
);

/** What a row of the matrix has written. */
export interface Row {
  readonly name: string;
  readonly codec: Codec;
  readonly steps: readonly Step[];
  /** Those that a consumer with read_committed sees, in their order. */
  readonly visible: readonly Written[];
}

/** The header by which the records of a row are known again, whoever reads them. */
export const ROW_HEADER = 'correlation-id';

/** An hour is less than the age at which a mapping gives a record up. */
const HOUR_AGO = BigInt(Date.now() - 3_600_000);

const text = (value: string): Buffer => Buffer.from(value);

const record = (row: string, value: Buffer | null, more: Partial<Written> = {}): Written => ({
  key: text('key'),
  value,
  ...more,
  headers: [[ROW_HEADER, text(row)], ...(more.headers ?? [])],
});

const some = (row: string, count: number, what = 'value'): readonly Written[] =>
  Array.from({ length: count }, (_, i) => record(row, text(`${what}-${i}-${'abc'.repeat(i % 50)}`)));

const sent = (name: string, records: readonly Written[], codec: Codec = 'none'): Row => ({
  name,
  codec,
  steps: [{ client: 'a', does: 'send', records }],
  visible: records,
});

/** What a producer can write, and so which rows it has. */
export interface Abilities {
  readonly transactions: boolean;
  readonly timestamps: boolean;
  /** Bytes that are no text, and null as well as empty. */
  readonly anyBytes: boolean;
}

/** @param producer name of the producer, part of the names of its rows */
export const rowsOf = (producer: string, { transactions, timestamps, anyBytes }: Abilities): readonly Row[] => {
  const name = (what: string): string => `${producer}/${what}`;
  const row = (what: string, make: (row: string) => readonly Written[]): Row => sent(name(what), make(name(what)));
  return [
    ...CODECS.map((codec) => sent(name(codec), some(name(codec), 60), codec)),
    ...(transactions ? [committed(name('committed')), aborted(name('aborted')), interleaved(name('interleaved'))] : []),
    row('headers', (own) => [
      record(own, text('odd names'), {
        headers: ['constructor', '__proto__', 'toString', '10', '9'].map((header) => [header, text('1')] as const),
      }),
      record(own, text('repeated'), {
        headers: [['x', text('1')], ['y', text('9')], ['x', text('2')], ...(anyBytes ? [['n', null] as const] : [])],
      }),
      ...(anyBytes
        ? [
            record(own, text('many'), {
              headers: Array.from({ length: 2_000 }, (_, i) => [`header-${i % 900}`, text(`v${i}`)] as const),
            }),
            record(own, text('bytes'), { headers: [['raw', Buffer.from([0, 127, 128, 255])]] }),
          ]
        : []),
    ]),
    ...(timestamps
      ? [
          row('timestamps', (own) =>
            [HOUR_AGO, 253_402_300_799_999n, 1_780_000_000_123_456_789n, 9_223_372_036_854_775_807n].map((timestamp) =>
              record(own, text(`at ${timestamp}`), { timestamp }),
            ),
          ),
        ]
      : []),
    row('sizes', (own) => [
      ...(anyBytes ? [record(own, text('')), record(own, null), record(own, Buffer.from([0, 255, 128]))] : []),
      record(own, text('x')),
      record(own, text('large '.repeat(150_000))),
    ]),
    row('keys', (own) => [
      record(own, text('long key'), { key: text('k'.repeat(5_000)) }),
      record(own, text('other letters'), { key: text('ключ 🔑') }),
      ...(anyBytes
        ? [
            record(own, text('no key'), { key: null }),
            record(own, text('empty key'), { key: text('') }),
            record(own, text('bytes'), { key: Buffer.from([0, 255, 254]) }),
          ]
        : []),
    ]),
  ];
};

const committed = (name: string): Row => {
  const records = some(name, 10);
  return {
    ...{ name, codec: 'lz4', visible: records },
    steps: [
      { client: 'a', does: 'begin' },
      { client: 'a', does: 'send', records },
      { client: 'a', does: 'commit' },
    ],
  };
};

const aborted = (name: string): Row => ({
  ...{ name, codec: 'none', visible: [] },
  steps: [
    { client: 'a', does: 'begin' },
    { client: 'a', does: 'send', records: some(name, 10) },
    { client: 'a', does: 'abort' },
  ],
});

/** Two producers whose transactions lie between each other's records; the one that began last ends first. */
const interleaved = (name: string): Row => {
  const send = (client: string, what: string): Step => ({ client, does: 'send', records: some(name, 3, what) });
  return {
    ...{ name, codec: 'gzip' },
    steps: [
      { client: 'a', does: 'begin' },
      { client: 'b', does: 'begin' },
      send('a', 'a-aborted'),
      send('b', 'b-aborted'),
      send('a', 'a-aborted-again'),
      { client: 'b', does: 'abort' },
      { client: 'b', does: 'begin' },
      send('b', 'b-committed'),
      { client: 'b', does: 'commit' },
      send('a', 'a-aborted-late'),
      { client: 'a', does: 'abort' },
      { client: 'a', does: 'begin' },
      send('a', 'a-committed'),
      { client: 'a', does: 'commit' },
    ],
    visible: [...some(name, 3, 'b-committed'), ...some(name, 3, 'a-committed')],
  };
};
