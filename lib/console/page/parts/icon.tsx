/** @param lines path of a line drawing in a square of 16 units */
export const Icon = ({ lines }: { lines: string }) => (
  <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
    <path d={lines} />
  </svg>
);

export const LINES = {
  sun: 'M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1M8 5a3 3 0 100 6 3 3 0 000-6z',
  menu: 'M2 4h12M2 8h12M2 12h12',
  close: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  refresh: 'M13.5 8a5.5 5.5 0 11-1.7-4M13.5 1.5V5H10',
  plus: 'M8 3v10M3 8h10',
  trash: 'M2.5 4.5h11M6 4.5V3h4v1.5M4 4.5l.7 9h6.6l.7-9',
} as const;
