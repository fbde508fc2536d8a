import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { PeriodName } from '../../catalog/index.ts';
import type { HistoryRow } from './row.ts';

const zip = promisify(gzip);
const unzip = promisify(gunzip);

/** A row as it lies in an object: a list, because names would be most of it. */
type Line = readonly [
  kind: HistoryRow['kind'],
  id: string,
  userId: string,
  period: PeriodName,
  start: number,
  part: number,
  revision: number,
  scans: number,
  bots: number,
  visitors: number,
  by: HistoryRow['by'],
];

/** Rows as gzipped lines of JSON, about 20 bytes a row of a minute. */
export const fileOf = (rows: readonly HistoryRow[]): Promise<Buffer> =>
  zip(
    rows
      .map(({ kind, id, userId, period, start, part, revision, scans, bots, visitors, by }) => {
        const line: Line = [kind, id, userId, period, start, part, revision, scans, bots, visitors, by];
        return `${JSON.stringify(line)}\n`;
      })
      .join(''),
  );

/** The rows of a file that {@link fileOf} has made. */
export const rowsIn = async (file: Uint8Array): Promise<readonly HistoryRow[]> =>
  (await unzip(file))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((text) => {
      const line: Line = JSON.parse(text);
      const [kind, id, userId, period, start, part, revision, scans, bots, visitors, by] = line;
      return { kind, id, userId, period, start, part, revision, scans, bots, visitors, by };
    });
