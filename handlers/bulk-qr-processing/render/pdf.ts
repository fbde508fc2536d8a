import { deflateSync } from 'node:zlib';
import type { Colour } from '../colour.ts';
import type { Template } from '../template.ts';
import { logoPlace } from './logo.ts';
import { darkRuns } from './runs.ts';
import type { QrSymbol } from './symbol.ts';

/** A square picture without transparency, three bytes a pixel. */
export interface FlatLogo {
  readonly px: number;
  readonly rgb: Uint8Array;
}

const short = (value: number): string => String(Math.round(value * 1_000) / 1_000);
const fill = ({ rgb }: Colour): string => `${rgb.map((channel) => short(channel / 255)).join(' ')} rg`;

/**
 * The symbol as a PDF 1.4 (ISO 32000-1) of one page, `template.size` points wide, drawn as vectors; the logo, if any, as
 * an image.
 */
export const pdfOf = (symbol: QrSymbol, template: Template, logo: FlatLogo | undefined): Buffer => {
  const content = deflateSync(Buffer.from(pageContent(symbol, template, logo !== undefined), 'latin1'), { level: 1 });
  const { size } = template;
  const resources = logo === undefined ? '<< >>' : '<< /XObject << /Logo 5 0 R >> >>';
  const objects = [
    Buffer.from('<< /Type /Catalog /Pages 2 0 R >>'),
    Buffer.from('<< /Type /Pages /Kids [3 0 R] /Count 1 >>'),
    Buffer.from(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${size} ${size}] /Resources ${resources} /Contents 4 0 R >>`,
    ),
    stream('/Filter /FlateDecode', content),
  ];
  if (logo !== undefined) {
    const image = `/Type /XObject /Subtype /Image /Width ${logo.px} /Height ${logo.px} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /FlateDecode`;
    objects.push(stream(image, deflateSync(logo.rgb)));
  }
  return documentOf(objects);
};

const pageContent = (symbol: QrSymbol, template: Template, hasLogo: boolean): string => {
  const { size, margin, foreground, background, logo } = template;
  const across = symbol.size + 2 * margin;
  const lines = [
    `${fill(background)} 0 0 ${size} ${size} re f`,
    // One unit is one module from here on, the origin at the symbol's top left corner, y downwards.
    `${size / across} 0 0 ${-size / across} ${(margin * size) / across} ${size - (margin * size) / across} cm`,
    fill(foreground),
    ...darkRuns(symbol).map(({ x, y, length }) => `${x} ${y} ${length} 1 re`),
    'f',
  ];
  if (hasLogo && logo !== undefined) {
    const place = logoPlace(symbol.size, logo.share);
    const { clearFrom, clear, from, side } = place;
    lines.push(
      `${fill(background)} ${clearFrom} ${clearFrom} ${clear} ${clear} re f`,
      `q ${short(side)} 0 0 ${short(-side)} ${short(from)} ${short(from + side)} cm /Logo Do Q`,
    );
  }
  return lines.join('\n');
};

const stream = (entries: string, bytes: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(`<< ${entries} /Length ${bytes.length} >>\nstream\n`), bytes, Buffer.from('\nendstream')]);

/** Header, numbered objects, cross-reference table and trailer (ISO 32000-1, 7.5). */
const documentOf = (objects: readonly Buffer[]): Buffer => {
  // Four bytes above 127 in a comment tell transfer programs that the file is binary.
  const parts: Buffer[] = [Buffer.from('%PDF-1.4\n%\xe2\xe3\xcf\xd3\n', 'latin1')];
  let length = parts[0]?.length ?? 0;
  const offsets: number[] = [];
  objects.forEach((object, i) => {
    offsets.push(length);
    const part = Buffer.concat([Buffer.from(`${i + 1} 0 obj\n`), object, Buffer.from('\nendobj\n')]);
    length += part.length;
    parts.push(part);
  });
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const count = objects.length + 1;
  parts.push(
    Buffer.from(
      `xref\n0 ${count}\n0000000000 65535 f \n${entries}trailer\n<< /Size ${count} /Root 1 0 R >>\nstartxref\n${length}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
};
