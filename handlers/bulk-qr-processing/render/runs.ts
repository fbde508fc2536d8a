import type { QrSymbol } from './symbol.ts';

/** A horizontal run of dark modules. */
export interface Run {
  readonly x: number;
  readonly y: number;
  readonly length: number;
}

/** The dark modules as runs, row by row: what the vector formats draw. */
export const darkRuns = ({ size, modules }: QrSymbol): Run[] => {
  const runs: Run[] = [];
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const start = x;
      while (x < size && modules[y * size + x] === 1) x++;
      if (x > start) runs.push({ x: start, y, length: x - start });
    }
  }
  return runs;
};
