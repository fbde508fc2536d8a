import { encodeQR, type ErrorCorrection as LibraryLevel } from 'qr';
import type { ErrorCorrection } from '../template.ts';
import { ItemError } from './item-error.ts';

/** A QR symbol without its quiet zone. */
export interface QrSymbol {
  /** Modules a side, 21-177. */
  readonly size: number;
  /** Row by row, 1 is dark; `size * size` long. */
  readonly modules: Uint8Array;
}

const LEVELS = { L: 'low', M: 'medium', Q: 'quartile', H: 'high' } as const satisfies Record<
  ErrorCorrection,
  LibraryLevel
>;

/** What the largest symbol (version 40) holds at each level, by the densest mode that takes the data: ISO/IEC 18004, table 7. */
export const CAPACITY = [
  { takes: /^[0-9]+$/, unit: 'digits', most: { L: 7_089, M: 5_596, Q: 3_993, H: 3_057 } },
  { takes: /^[0-9A-Z $%*+./:-]+$/, unit: 'characters', most: { L: 4_296, M: 3_391, Q: 2_420, H: 1_852 } },
  { takes: /^/, unit: 'bytes', most: { L: 2_953, M: 2_331, Q: 1_663, H: 1_273 } },
] as const;

const tooLong = (data: string, level: ErrorCorrection): ItemError => {
  const mode = CAPACITY.find(({ takes }) => takes.test(data)) ?? CAPACITY[2];
  const length = Buffer.byteLength(data);
  return new ItemError(
    `the data is too long for a QR code: ${length} ${mode.unit}, and level ${level} holds ${mode.most[level]} at most`,
  );
};

/** Modules a side (ISO/IEC 18004, table 1). */
const modulesOf = (version: number): number => 17 + 4 * version;

/**
 * The symbol for `data`: numeric or alphanumeric mode where all characters allow it, else UTF-8 bytes without an ECI
 * header, which is what phone cameras expect.
 *
 * @param data what a scanner shall read, not empty
 * @param leastVersion smallest version to take, 1-40
 * @throws ItemError when it does not fit into the largest symbol at this level
 */
export const symbolOf = (data: string, level: ErrorCorrection, leastVersion = 1): QrSymbol => {
  // The library keeps at least one module of border; it is cut off here.
  let rows: boolean[][];
  try {
    rows = encodeQR(data, 'raw', { ecc: LEVELS[level], border: 1 });
    if (rows.length - 2 < modulesOf(leastVersion)) {
      rows = encodeQR(data, 'raw', { ecc: LEVELS[level], border: 1, version: leastVersion });
    }
  } catch (error) {
    if (!(error instanceof Error && error.message === 'Capacity overflow')) throw error;
    throw tooLong(data, level);
  }
  const size = rows.length - 2;
  const modules = new Uint8Array(size * size);
  for (let y = 0, i = 0; y < size; y++) {
    const row = rows[y + 1] ?? [];
    for (let x = 1; x <= size; x++) modules[i++] = row[x] ? 1 : 0;
  }
  return { size, modules };
};
