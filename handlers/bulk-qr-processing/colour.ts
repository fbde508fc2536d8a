/** An opaque colour. */
export interface Colour {
  /** `#rrggbb`, lower case. */
  readonly hex: string;
  readonly rgb: readonly [red: number, green: number, blue: number];
}

/** @returns the colour of `#RGB` or `#RRGGBB`, undefined for anything else */
export const parseColour = (text: string): Colour | undefined => {
  if (!/^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(text)) return undefined;
  const digits = text.length === 4 ? text.slice(1).replace(/./g, '$&$&') : text.slice(1);
  const value = Number.parseInt(digits, 16);
  return { hex: `#${digits.toLowerCase()}`, rgb: [value >> 16, (value >> 8) & 0xff, value & 0xff] };
};

/** Relative luminance, 0 (black) to 1 (white): WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
export const luminance = ({ rgb }: Colour): number => {
  const [red, green, blue] = rgb.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
};

/** Contrast ratio, 1 to 21: WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export const contrast = (one: Colour, other: Colour): number => {
  const [lighter, darker] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return ((lighter ?? 0) + 0.05) / ((darker ?? 0) + 0.05);
};
