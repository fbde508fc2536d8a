import { join } from 'node:path';
import type { LagRow } from '../../lib/operations/lag.ts';
import { type LogRecord, readTopic } from '../../lib/operations/reader.ts';
import type { ReadableRecord } from '../../lib/operations/records.ts';
import { textOf } from '../../lib/operations/text.ts';
import type { Trace } from '../../lib/operations/trace/index.ts';
import { timeText } from '../../lib/record-time.ts';
import { linesOf } from '../support/cli.ts';
import type { OwnStack } from '../support/own-stack.ts';
import { ROW_HEADER, type Row, type Written } from './plan.ts';

/** Somebody who reads a topic, and what he makes of a row: undefined when it is right, else what is wrong. */
export interface Reader {
  readonly name: string;
  /** Looks once at the topic, for all rows. */
  read(stack: OwnStack, topic: string, rows: readonly Row[]): Promise<(row: Row) => Promise<string | undefined>>;
}

/** Both as texts: vitest's own differences would fill pages. */
const differing = (found: readonly unknown[], expected: readonly unknown[]): string | undefined => {
  if (found.length !== expected.length) return `${found.length} instead of ${expected.length} records`;
  const at = found.findIndex((one, i) => JSON.stringify(one) !== JSON.stringify(expected[i]));
  if (at < 0) return undefined;
  const shown = [found[at], expected[at]].map((one) => JSON.stringify(one).slice(0, 150));
  return `record ${at} is ${shown[0]} instead of ${shown[1]}`;
};

const NOW_MS = 1_800_000;

/** A time that the producer's plan does not say is that of its clock. */
const timeOf = (found: string, { timestamp }: Written): string =>
  timestamp !== undefined || Math.abs(Date.parse(found) - Date.now()) > NOW_MS ? found : 'now';
const expectedTime = ({ timestamp }: Written): string => (timestamp === undefined ? 'now' : timeText(timestamp));

const text = (bytes: Buffer | null): string | null => (bytes === null ? null : textOf(bytes));
const headersOf = (written: Written) => written.headers.map(([name, value]) => ({ name, value: text(value) }));

/** As `consume`, the console and `dlq` show a value. */
const shownValue = (value: Buffer | null): string | null => {
  if (value === null) return null;
  const shown = textOf(value);
  return shown.startsWith('0x') || shown.includes('\0') ? value.toString('hex') : shown;
};

const consume: Reader = {
  name: 'consume',
  read: async ({ cli }, topic) => {
    const { out, code, err } = await cli.run('consume', topic, 'from-beginning', '--until-end', '--json');
    if (code !== 0) throw new Error(err);
    const records = linesOf(out).map((line): ReadableRecord => JSON.parse(line));
    return async ({ name, visible }) => {
      const found = records.filter(({ headers }) => headers[ROW_HEADER] === name);
      return differing(
        found.map(({ key, value, headerList, timestamp }, i) => ({
          ...{ key, value, headerList },
          time: timeOf(timestamp, visible[i] ?? { key: null, value: null, headers: [] }),
        })),
        visible.map((one) => ({
          ...{ key: text(one.key), value: shownValue(one.value), headerList: headersOf(one) },
          time: expectedTime(one),
        })),
      );
    };
  },
};

const consolePage: Reader = {
  name: 'console',
  read:
    async ({ ports }, topic) =>
    async ({ name, visible }) => {
      const search = new URLSearchParams({
        order: 'oldest',
        limit: '200',
        partition: '0',
        search: name,
        place: 'headers',
      });
      const found: ReadableRecord[] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const url = `http://127.0.0.1:${ports.console}/api/messages/${topic}?${search}${cursor === '' ? '' : `&cursor=${cursor}`}`;
        const page: { records: ReadableRecord[]; cursor: string | null } = JSON.parse(await (await fetch(url)).text());
        found.push(...page.records);
        cursor = page.cursor;
      }
      return differing(
        found.map(({ key, headerList }) => ({ key, headerList })),
        visible.map((one) => ({ key: text(one.key), headerList: headersOf(one) })),
      );
    },
};

const lag: Reader = {
  name: 'lag',
  read: async ({ cli }, topic) => {
    const rows = await cli.json<readonly LagRow[]>('lag');
    const row = rows.find((one) => one.topic === topic);
    return async () => (row?.lag === 0 ? undefined : `${row?.lag} behind`);
  },
};

const trace: Reader = {
  name: 'trace',
  read:
    async ({ cli }, topic) =>
    async ({ name, visible }) => {
      const { code, out, err } = await cli.run('trace', name, '--since', '1970-01-01T00:00:00Z', '--json');
      if (visible.length === 0) return code === 1 ? undefined : `exit code ${code}`;
      if (code !== 0) return err;
      const { events }: Trace = JSON.parse(out);
      // So many dead letters at once are told to the operator: an event on another topic, tied to the first of them.
      const states = events.filter((event) => event.topic === topic).map(({ consumer }) => consumer?.state);
      return differing(
        states,
        visible.map(() => 'dead-lettered'),
      );
    },
};

interface Exported {
  readonly correlationId?: string;
  readonly offset: number;
  readonly original: {
    readonly key: string | null;
    readonly value: string | null;
    readonly headers: readonly (readonly [string, string])[];
  };
}

/** What the functions could make nothing of, byte for byte: whatever the mapping has handed to them. */
const dlq: Reader = {
  name: 'mapping and dlq',
  read: async ({ cli }, topic) => {
    const { out, code, err } = await cli.run('dlq', 'export', '-', '--topic', topic, '--limit', '10000');
    if (code !== 0) throw new Error(err);
    const letters = linesOf(out).map((line): Exported => JSON.parse(line));
    return async ({ name, visible }) =>
      differing(
        letters
          .filter(({ correlationId }) => correlationId === name)
          .sort((a, b) => a.offset - b.offset)
          .map(({ original: { key, value, headers } }) => ({ key, value, headers })),
        visible.map(({ key, value, headers }) => ({
          ...{ key: key?.toString('base64') ?? null, value: value?.toString('base64') ?? null },
          // AWS's event does not tell a header without a value from an empty one.
          headers: headers.map(([header, content]) => [header, content?.toString('base64') ?? '']),
        })),
      );
  },
};

/** @param other a stack that the backup is put back into */
export const backupInto = (other: OwnStack): Reader => ({
  name: 'backup and restore',
  read: async ({ cli, dataDir }, topic) => {
    const folder = join(dataDir, 'copy');
    await cli.json('backup', 'create', folder, '--topics', topic);
    const verified = await cli.run('backup', 'verify', folder);
    if (verified.code !== 0) throw new Error(verified.err);
    await other.cli.json('restore', folder, '--topics', topic, '--replace', '--yes');
    const found: LogRecord[] = [];
    await readTopic(other.settings, topic, { from: 'beginning', untilEnd: true }, (record) => found.push(record));
    return async ({ name, visible }) =>
      differing(
        found
          .filter(({ allHeaders }) =>
            allHeaders.some(([header, value]) => header === ROW_HEADER && String(value) === name),
          )
          .map(({ key, value, allHeaders, timestamp, exactTimestamp }, i) => ({
            ...{ key, value, headers: allHeaders },
            time: timeOf(timeText(exactTimestamp ?? timestamp), visible[i] ?? { key, value, headers: [] }),
          })),
        visible.map((one) => ({
          ...{ key: one.key, value: one.value, headers: one.headers },
          time: expectedTime(one),
        })),
      );
  },
});

export const READERS: readonly Reader[] = [dlq, consume, consolePage, lag, trace];
