import jpegDecoder from '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm';
import decodeJpeg, { init as initJpeg } from '@jsquash/jpeg/decode.js';
import png from '@jsquash/png/codec/pkg/squoosh_png_bg.wasm';
import decodePng, { init as initPngDecoder } from '@jsquash/png/decode.js';
import encodePng, { init as initPngEncoder } from '@jsquash/png/encode.js';
import resize, { initResize } from '@jsquash/resize';
import resizer from '@jsquash/resize/lib/resize/pkg/squoosh_resize_bg.wasm';
import webpDecoder from '@jsquash/webp/codec/dec/webp_dec.wasm';
import webpEncoder from '@jsquash/webp/codec/enc/webp_enc_simd.wasm';
import decodeWebp, { init as initWebpDecoder } from '@jsquash/webp/decode.js';
import encodeWebp, { init as initWebpEncoder } from '@jsquash/webp/encode.js';
import type { ImageType } from './header.ts';
import type { Raster } from './raster.ts';

/**
 * The codecs of jSquash (MozJPEG, libwebp, Rust's png and resize) as WebAssembly: one bundle runs on Lambda, whatever its
 * processor, and on any laptop. sharp would be several times as fast, and needs a binary for each system beside the bundle.
 */
let ready: Promise<unknown> | undefined;

const compiled = (bytes: Uint8Array<ArrayBuffer>) => new WebAssembly.Module(bytes);

/** How a module made by Emscripten is started: from the bytes in the bundle rather than from a file. */
const started = (bytes: Uint8Array<ArrayBuffer>) => ({
  // What a codec says of a broken file is no log of ours.
  printErr: () => undefined,
  instantiateWasm: (imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => unknown) => {
    const instance = new WebAssembly.Instance(compiled(bytes), imports);
    done(instance);
    return instance.exports;
  },
});

const start = (): Promise<unknown> => {
  ready ??= Promise.all([
    initJpeg(started(jpegDecoder)),
    initWebpDecoder(started(webpDecoder)),
    initWebpEncoder(started(webpEncoder)),
    initPngDecoder(compiled(png)),
    initPngEncoder(compiled(png)),
    initResize(compiled(resizer)),
  ]);
  return ready;
};

const DECODERS: Readonly<Record<ImageType, (bytes: ArrayBuffer) => Promise<Raster>>> = {
  'image/png': (bytes) => decodePng(bytes),
  'image/jpeg': (bytes) => decodeJpeg(bytes),
  'image/webp': (bytes) => decodeWebp(bytes),
};

/** @throws whatever the codec throws when the file is broken */
export const decode = async (type: ImageType, file: Buffer): Promise<Raster> => {
  await start();
  try {
    return await DECODERS[type](new Uint8Array(file).buffer);
  } catch (error) {
    // A codec that has given up on a file may be no good for the next one: it is started anew.
    ready = undefined;
    throw error;
  }
};

/** What is written. Neither format carries any metadata then. */
export const FORMATS = {
  webp: { contentType: 'image/webp', encode: (raster: Raster) => encodeWebp(raster, { quality: 82 }) },
  png: { contentType: 'image/png', encode: (raster: Raster) => encodePng(raster) },
} as const;

export type OutputFormat = keyof typeof FORMATS;

export const encode = async (format: OutputFormat, raster: Raster): Promise<Buffer> => {
  await start();
  return Buffer.from(await FORMATS[format].encode(raster));
};

export const resized = async (raster: Raster, width: number, height: number): Promise<Raster> => {
  await start();
  return resize(raster, {
    width,
    height,
    method: 'lanczos3',
    fitMethod: 'stretch',
    premultiply: true,
    linearRGB: false,
  });
};
