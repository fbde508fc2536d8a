import type { OutputFormat } from './codecs.ts';

/** A picture that is made of an uploaded one. */
export interface Variant {
  readonly name: string;
  /** Px of its longer side at most; a smaller picture keeps its size. */
  readonly px: number;
  readonly formats: readonly OutputFormat[];
}

/** What is made of pictures, by purpose, largest first. */
export const VARIANTS = {
  // The templates of batches take PNG.
  logo: [
    { name: 'logo-1024', px: 1_024, formats: ['png'] },
    { name: 'logo-256', px: 256, formats: ['png', 'webp'] },
  ],
  image: [
    { name: 'image-1600', px: 1_600, formats: ['webp'] },
    { name: 'image-800', px: 800, formats: ['webp'] },
    { name: 'image-320', px: 320, formats: ['webp', 'png'] },
  ],
} as const satisfies Readonly<Record<string, readonly Variant[]>>;

export type PicturePurpose = keyof typeof VARIANTS;

export const isPicturePurpose = (purpose: string): purpose is PicturePurpose => Object.hasOwn(VARIANTS, purpose);
