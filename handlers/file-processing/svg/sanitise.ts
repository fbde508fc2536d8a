import { SaxesParser, type SaxesTagNS } from 'saxes';
import { FileRefused } from '../refused.ts';
import { ATTRIBUTES, ELEMENTS, UNWRAPPED } from './allowed.ts';
import { usesBoundedly } from './uses.ts';
import { safeCss, safeLink } from './values.ts';

const SVG = 'http://www.w3.org/2000/svg';
const XLINK = 'http://www.w3.org/1999/xlink';

/** More is no logo; browsers and renderers would choke on it. */
const ELEMENTS_AT_MOST = 50_000;
const DEPTH_AT_MOST = 200;

/**
 * Writes an SVG anew with nothing in it but what draws: elements and attributes that are known to be harmless, links to its
 * own parts, pictures made of pixels. Document type, comments and processing instructions go.
 *
 * @throws FileRefused when it is not well-formed, uses entities of its own, or draws itself over and over
 */
export const sanitisedSvg = (text: string): string => {
  const out: string[] = [];
  /** Of each open element how it is closed; undefined while it and all it holds are left out. */
  const open: { readonly end: string | undefined; readonly isStyle: boolean }[] = [];
  let count = 0;
  let style = '';
  const uses = usesBoundedly();
  const isLeftOut = (): boolean => open.length > 0 && open.at(-1)?.end === undefined;
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw new FileRefused(`The SVG cannot be read: ${error.message}.`);
  });
  parser.on('opentag', (tag) => {
    count += 1;
    if (count > ELEMENTS_AT_MOST || open.length >= DEPTH_AT_MOST) throw new FileRefused('The SVG has too many parts.');
    const name = tag.local;
    if (isLeftOut() || tag.uri !== SVG || !(ELEMENTS.has(name) || UNWRAPPED.has(name))) {
      open.push({ end: undefined, isStyle: false });
      return;
    }
    const attributes = attributesOf(tag);
    uses.open(name, attributes);
    style = '';
    const start = `<${name}${open.length === 0 ? ` xmlns="${SVG}"` : ''}${written(attributes)}>`;
    if (UNWRAPPED.has(name)) open.push({ end: '', isStyle: false });
    else {
      open.push({ end: `</${name}>`, isStyle: name === 'style' });
      out.push(start);
    }
  });
  parser.on('closetag', () => {
    const closed = open.pop();
    if (closed?.end === undefined) return;
    if (closed.isStyle) out.push(escaped(safeCss(style) ?? ''));
    uses.close();
    out.push(closed.end);
  });
  const take = (piece: string): void => {
    const parent = open.at(-1);
    if (parent?.end === undefined) return;
    if (parent.isStyle) style += piece;
    else out.push(escaped(piece));
  };
  parser.on('text', take);
  parser.on('cdata', take);
  parser.write(text).close();
  if (out.length === 0) throw new FileRefused('The SVG has no picture in it: its root is no svg element.');
  uses.check();
  return out.join('');
};

/** The attributes that stay; a link without its old `xlink:` prefix, which no browser needs any more. */
const attributesOf = ({ local, attributes }: SaxesTagNS): ReadonlyMap<string, string> => {
  const kept = new Map<string, string>();
  for (const { local: name, uri, value } of Object.values(attributes)) {
    if ((uri !== '' && uri !== XLINK) || (uri === XLINK && name !== 'href')) continue;
    if (!ATTRIBUTES.has(name)) continue;
    const safe = name === 'href' ? safeLink(local, value) : isText(name) ? value : safeCss(value);
    if (safe !== undefined) kept.set(name, safe);
  }
  return kept;
};

/** Values that nobody reads as CSS. */
const isText = (name: string): boolean => name === 'id' || name === 'class';

const written = (attributes: ReadonlyMap<string, string>): string =>
  [...attributes].map(([name, value]) => ` ${name}="${escaped(value)}"`).join('');

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
