import Table from 'cli-table3';
import { colours } from './terminal.ts';

const NO_LINES = Object.fromEntries(
  [
    ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
    ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'],
  ].map((part) => [part, '']),
);

/** A column: its heading, and on which side its cells are aligned. */
export type Column = string | { readonly head: string; readonly align: 'right' };

/** A column of figures. */
export const right = (head: string): Column => ({ head, align: 'right' });

/** Rows in aligned columns without lines; headings in grey. Line ends carry no spaces. */
export const table = (columns: readonly Column[], rows: readonly (readonly string[])[]): string => {
  const heads = columns.map((column) => (typeof column === 'string' ? column : column.head));
  const made = new Table({
    head: heads.map((head) => colours.dim(head)),
    colAligns: columns.map((column) => (typeof column === 'string' ? 'left' : column.align)),
    chars: { ...NO_LINES, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
  });
  for (const row of rows) made.push([...row]);
  return made
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
};
