/** A decoded picture: red, green, blue, alpha, 8 bits each, row by row. The codecs' own shape. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/** Where each EXIF orientation takes its pixel from (CIPA DC-008, 4.6.5.1.6), in a picture of w x h as it is stored. */
const SOURCES: Readonly<
  Record<number, (x: number, y: number, w: number, h: number) => readonly [x: number, y: number]>
> = {
  2: (x, y, w) => [w - 1 - x, y],
  3: (x, y, w, h) => [w - 1 - x, h - 1 - y],
  4: (x, y, _w, h) => [x, h - 1 - y],
  5: (x, y) => [y, x],
  6: (x, y, _w, h) => [y, h - 1 - x],
  7: (x, y, w, h) => [w - 1 - y, h - 1 - x],
  8: (x, y, w) => [w - 1 - y, x],
};

/** Whether width and height change places. */
export const isTurned = (orientation: number): boolean => orientation >= 5;

/** The picture as it is meant to be seen. */
export const upright = (raster: Raster, orientation: number): Raster => {
  const source = SOURCES[orientation];
  if (source === undefined) return raster;
  const { width: w, height: h, data } = raster;
  const [width, height] = isTurned(orientation) ? [h, w] : [w, h];
  const from = new Uint32Array(data.buffer, data.byteOffset, w * h);
  const to = new Uint32Array(w * h);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [sx, sy] = source(x, y, w, h);
      to[y * width + x] = from[sy * w + sx] ?? 0;
    }
  }
  return { width, height, data: new Uint8ClampedArray(to.buffer) };
};
