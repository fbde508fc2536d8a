/** A cell whose value cannot be told. */
export interface CellFault {
  readonly fault: string;
}

export type Cell = string | CellFault;

/** A row of a table, whatever file it comes from. */
export interface Row {
  /** Line or row of the file where it begins, from 1. */
  readonly line: number;
  readonly cells: readonly Cell[];
}

/** Rows of a table, one after the other; the first that is not empty names the columns. */
export interface Table {
  readonly rows: AsyncIterable<Row>;
  /** A row with more cells than the header is broken: of CSV, where a separator was not quoted. */
  readonly strictWidth: boolean;
}

export const isBlank = ({ cells }: Row): boolean =>
  cells.every((cell) => typeof cell === 'string' && cell.trim() === '');
