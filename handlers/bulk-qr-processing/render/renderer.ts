import { encode } from 'fast-png';
import type { Format, Template } from '../template.ts';
import { flatten, type Picture } from './logo.ts';
import { pdfOf } from './pdf.ts';
import { pngRenderer } from './png.ts';
import { logoPngRenderer } from './png-logo.ts';
import { svgOf } from './svg.ts';
import { type QrSymbol, symbolOf } from './symbol.ts';

/** A rendered code in one format. */
export interface Image {
  readonly format: Format;
  readonly bytes: Buffer;
}

/** Pixels of the logo inside SVG and PDF files, at most: each file carries its own copy. */
const VECTOR_LOGO_PX = 256;

/** Below this a symbol has too few codewords to spare for those that lie under the largest logo, even at level H. */
const LOGO_LEAST_VERSION = 3;

/**
 * A function that renders `data` in every format of the template.
 *
 * @param logo the decoded logo, when the template has one
 * @throws ItemError (the returned function) when the data cannot become a code of this template
 */
export const rendererOf = (template: Template, logo: Picture | undefined): ((data: string) => Image[]) => {
  const style = {
    px: template.size,
    margin: template.margin,
    foreground: template.foreground,
    background: template.background,
  };
  const png =
    logo === undefined || template.logo === undefined
      ? pngRenderer(style)
      : logoPngRenderer(style, logo, template.logo.share);
  const vectorLogo = logo === undefined ? undefined : vectorLogoOf(logo, template);
  const makers: Readonly<Record<Format, (symbol: QrSymbol) => Buffer>> = {
    png,
    svg: (symbol) => svgOf(symbol, template, vectorLogo?.png),
    pdf: (symbol) => pdfOf(symbol, template, vectorLogo?.flat),
  };
  return (data) => {
    const symbol = symbolOf(data, template.errorCorrection, logo === undefined ? 1 : LOGO_LEAST_VERSION);
    return template.formats.map((format) => ({ format, bytes: makers[format](symbol) }));
  };
};

const vectorLogoOf = (logo: Picture, { background }: Template) => {
  const px = Math.min(VECTOR_LOGO_PX, Math.max(logo.width, logo.height));
  const flat = { px, rgb: flatten(logo, px, background) };
  return { flat, png: Buffer.from(encode({ width: px, height: px, data: flat.rgb, channels: 3, depth: 8 })) };
};
