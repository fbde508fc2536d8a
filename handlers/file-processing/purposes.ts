import type { ContentType } from './content-type.ts';

const MIB = 1024 * 1024;

/** What a file uploaded for a purpose may be. */
export interface Purpose {
  /** What the user is told is possible. */
  readonly wanted: string;
  /** Types by content that are taken, each with its limit of bytes. */
  readonly types: Readonly<Partial<Record<ContentType, number>>>;
}

export const PURPOSES = {
  'csv-import': {
    wanted: 'a CSV file or an Excel workbook (.xlsx)',
    types: { 'text/plain': 128 * MIB, 'application/zip': 64 * MIB },
  },
  logo: {
    wanted: 'a PNG, JPEG, WebP or SVG picture',
    types: { 'image/png': 5 * MIB, 'image/jpeg': 5 * MIB, 'image/webp': 5 * MIB, 'image/svg+xml': MIB },
  },
  image: {
    wanted: 'a PNG, JPEG, WebP or SVG picture',
    types: { 'image/png': 20 * MIB, 'image/jpeg': 20 * MIB, 'image/webp': 20 * MIB, 'image/svg+xml': 2 * MIB },
  },
  document: {
    wanted: 'a PDF document',
    types: { 'application/pdf': 25 * MIB },
  },
} as const satisfies Record<string, Purpose>;

export type PurposeName = keyof typeof PURPOSES;

export const isPurpose = (name: string): name is PurposeName => Object.hasOwn(PURPOSES, name);

/** What a file of this type may weigh for this purpose; undefined where the type is not taken. */
export const byteLimit = (name: PurposeName, type: ContentType): number | undefined => {
  const { types }: Purpose = PURPOSES[name];
  return types[type];
};

/** Bytes in the unit people think in. */
export const inMib = (bytes: number): string => `${Math.ceil(bytes / MIB)} MiB`;
