/** Pictures within the picture: made of pixels only, since another SVG could hold anything. */
const RASTER = /^data:image\/(?:png|jpeg|webp|gif);base64,[A-Za-z0-9+/=\s]*$/;

/** A link of an element: to a part of this very picture; of an `image` to pixels that it carries. Undefined when it goes. */
export const safeLink = (element: string, value: string): string | undefined => {
  const link = value.trim();
  if (/^#[^\s]+$/.test(link)) return link;
  return element === 'image' && RASTER.test(link) ? link : undefined;
};

/** CSS that stays, as a style sheet, a style attribute or a presentation attribute; undefined when it goes. */
export const safeCss = (css: string): string | undefined => {
  const plain = css.replaceAll(/\/\*[\s\S]*?\*\//g, '');
  // An escape can spell anything; rules with @ can load; the last three ran scripts once.
  if (/[\\@<]|expression\s*\(|behavior\s*:|-moz-binding/i.test(plain)) return undefined;
  // `image-set` and its like take addresses without `url`.
  if (/image-set\s*\(|\bsrc\s*\(|[a-z]script\s*:|\bdata\s*:|\/\//i.test(plain)) return undefined;
  const links = plain.match(/url\s*\([^)]*\)?/gi) ?? [];
  return links.every((link) => /^url\s*\(\s*(["']?)#[^"')]+\1\s*\)$/i.test(link)) ? plain : undefined;
};
