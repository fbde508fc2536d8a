import type { Cell, Row } from '../imports/row.ts';
import { readXml } from './xml.ts';

/** Columns that are looked at; a header further to the right is not found. */
const COLUMNS = 512;

/** A cell as the sheet has it. */
interface RawCell {
  readonly column: number;
  readonly type: string;
  value: string;
}

/**
 * Rows of a sheet as it streams in. Formulas give the value that the spreadsheet computed last; a number comes as its
 * digits; a date as the number that it is to a spreadsheet.
 *
 * @param strings the workbook's shared strings
 */
export async function* sheetRows(bytes: AsyncIterable<Uint8Array>, strings: readonly string[]): AsyncGenerator<Row> {
  let rows: Row[] = [];
  let line = 0;
  let cells: Cell[] = [];
  let cell: RawCell | undefined;
  let next = 0;
  let isValue = false;
  const events = {
    open: (name: string, attribute: (name: string) => string | undefined) => {
      if (name === 'row') {
        line = Number(attribute('r')) || line + 1;
        [cells, next] = [[], 0];
      }
      if (name === 'c') {
        const column = columnOf(attribute('r')) ?? next;
        next = column + 1;
        cell = { column, type: attribute('t') ?? 'n', value: '' };
      }
      // `v` the value, `t` the text of an inline string; `f`, a formula, is passed over.
      isValue = cell !== undefined && (name === 'v' || name === 't');
    },
    close: (name: string) => {
      isValue = false;
      if (name === 'c' && cell !== undefined) {
        if (cell.column < COLUMNS) {
          while (cells.length < cell.column) cells.push('');
          cells[cell.column] = cellOf(cell, strings);
        }
        cell = undefined;
      }
      if (name === 'row') rows.push({ line, cells });
    },
    text: (text: string) => {
      if (isValue && cell !== undefined) cell.value += text;
    },
  };
  for await (const _ of readXml(bytes, events)) {
    yield* rows;
    rows = [];
  }
}

/** `C5` is in column 2. */
const columnOf = (reference: string | undefined): number | undefined => {
  const letters = /^[A-Z]{1,3}/.exec(reference ?? '')?.[0];
  if (letters === undefined) return undefined;
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
};

/** A spreadsheet keeps so many digits of a number; what was typed beyond is lost. */
const DIGITS = 15;

/** Values by cell type, ECMA-376 part 1, 18.18.11. */
const cellOf = ({ type, value }: RawCell, strings: readonly string[]): Cell => {
  switch (type) {
    case 's':
      return strings[Number(value)] ?? { fault: 'refers to a text that the workbook does not have' };
    case 'b':
      return value === '1' ? 'TRUE' : 'FALSE';
    case 'e':
      return { fault: `holds the error ${value.slice(0, 20)}` };
    case 'n':
      return numberOf(value);
    default:
      return value;
  }
};

const numberOf = (value: string): Cell => {
  if (value === '') return '';
  const number = Number(value);
  if (!Number.isFinite(number)) return value;
  if (Number.isInteger(number) && Math.abs(number) >= 10 ** DIGITS) {
    return { fault: `is a number of more than ${DIGITS} digits, some of which are lost: format the column as text` };
  }
  // A spreadsheet writes 0.1 + 0.2 with all the digits it computes with, and shows fifteen.
  return String(Number(number.toPrecision(DIGITS)));
};
