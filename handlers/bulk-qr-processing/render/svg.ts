import type { Template } from '../template.ts';
import { logoPlace } from './logo.ts';
import { darkRuns } from './runs.ts';
import type { QrSymbol } from './symbol.ts';

/** A number as short as it can be without being seen to be off. */
const short = (value: number): string => String(Math.round(value * 1_000) / 1_000);

/**
 * The symbol as an SVG of one path; one unit is one module, the image is `template.size` px wide.
 *
 * @param logoPng the logo, scaled and flattened on the background, when the template has one
 */
export const svgOf = (symbol: QrSymbol, template: Template, logoPng: Buffer | undefined): Buffer => {
  const { size, margin, foreground, background, logo } = template;
  const across = symbol.size + 2 * margin;
  const path = darkRuns(symbol)
    .map(({ x, y, length }) => `M${x + margin} ${y + margin}h${length}v1h-${length}z`)
    .join('');
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 ${across} ${across}" shape-rendering="crispEdges">`,
    `<path fill="${background.hex}" d="M0 0h${across}v${across}H0z"/>`,
    `<path fill="${foreground.hex}" d="${path}"/>`,
  ];
  if (logo !== undefined && logoPng !== undefined) {
    const place = logoPlace(symbol.size, logo.share);
    const square = (from: number, side: number): string =>
      `x="${short(from + margin)}" y="${short(from + margin)}" width="${short(side)}" height="${short(side)}"`;
    parts.push(
      `<rect fill="${background.hex}" ${square(place.clearFrom, place.clear)}/>`,
      `<image ${square(place.from, place.side)} href="data:image/png;base64,${logoPng.toString('base64')}"/>`,
    );
  }
  return Buffer.from(`${parts.join('')}</svg>\n`);
};
