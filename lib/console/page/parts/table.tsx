import type { ComponentChildren } from 'preact';

export interface Column<Row> {
  readonly head: string;
  /** Figures stand at the right. */
  readonly right?: boolean;
  /** Left out where the screen is narrow. */
  readonly wide?: boolean;
  /** Takes the room that is left, and is cut off where there is none. */
  readonly grows?: boolean;
  readonly cell: (row: Row) => ComponentChildren;
}

export interface TableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  /** Undefined while they are awaited: as many grey rows are shown instead. */
  readonly rows: readonly Row[] | undefined;
  readonly keyOf: (row: Row) => string;
  readonly awaited?: number;
  /** Said when there is no row. */
  readonly empty: ComponentChildren;
  /** Makes rows something to choose, by mouse and by Enter. */
  readonly onChoose?: (row: Row) => void;
  readonly chosen?: string | undefined;
}

const classOf = <Row,>({ right, wide, grows }: Column<Row>): string =>
  [right ? 'right' : '', wide ? 'wide' : '', grows ? 'grows' : ''].filter(Boolean).join(' ');

/** Rows under heads, in a box that scrolls by itself when it is too wide. */
export const Table = <Row,>({ label, columns, rows, keyOf, awaited = 8, empty, onChoose, chosen }: TableProps<Row>) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
  <section class="table" aria-label={label} aria-busy={rows === undefined} tabIndex={0}>
    <table>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.head} scope="col" class={classOf(column)}>
              {column.head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows === undefined
          ? Array.from({ length: awaited }, (_, i) => (
              <tr key={`awaited-${String(i)}`} class="awaited">
                {columns.map((column) => (
                  <td key={column.head} class={classOf(column)}>
                    <span class="bone" />
                  </td>
                ))}
              </tr>
            ))
          : rows.map((row) => (
              <tr
                key={keyOf(row)}
                class={onChoose === undefined ? '' : 'choosable'}
                aria-selected={chosen === undefined ? undefined : chosen === keyOf(row)}
                tabIndex={onChoose === undefined ? undefined : 0}
                onClick={onChoose === undefined ? undefined : () => onChoose(row)}
                onKeyDown={(event) => {
                  if (event.key === 'Enter' && event.target === event.currentTarget) onChoose?.(row);
                }}
              >
                {columns.map((column) => (
                  <td key={column.head} class={classOf(column)}>
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            ))}
      </tbody>
    </table>
    {rows?.length === 0 ? <p class="empty">{empty}</p> : null}
  </section>
);
