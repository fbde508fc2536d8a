import { ItemError } from './item-error.ts';

/** Pixels a module needs at least so that a camera can tell modules apart. */
export const MIN_MODULE_PX = 2;

/** Where a symbol lies on a square raster image. */
export interface Geometry {
  /** Width and height of the image, px. */
  readonly px: number;
  /** Modules a side, without quiet zone. */
  readonly modules: number;
  /** Pixels a module. */
  readonly scale: number;
  /** Pixels from the left (and top) edge to the first module. */
  readonly offset: number;
}

/**
 * Whole pixels a module, as many as fit, the symbol in the centre; what is left over widens the quiet zone.
 *
 * @param px width of the image
 * @param modules size of the symbol
 * @param margin quiet zone, modules on each side, at least
 * @throws ItemError when a module would be under {@link MIN_MODULE_PX} pixels
 */
export const geometryOf = (px: number, modules: number, margin: number): Geometry => {
  const across = modules + 2 * margin;
  const scale = Math.floor(px / across);
  if (scale < MIN_MODULE_PX) {
    throw new ItemError(
      `the data needs a code of ${across} modules with its margin, too fine for ${px} px: ` +
        `use a size of ${across * MIN_MODULE_PX} px or more, or shorter data`,
    );
  }
  return { px, modules, scale, offset: Math.floor((px - scale * modules) / 2) };
};
