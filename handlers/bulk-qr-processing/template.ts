import { PermanentError } from '../../lib/errors.ts';
import { type Colour, contrast, luminance, parseColour } from './colour.ts';

export const ERROR_CORRECTIONS = ['L', 'M', 'Q', 'H'] as const;
export type ErrorCorrection = (typeof ERROR_CORRECTIONS)[number];

export const FORMATS = ['png', 'svg', 'pdf'] as const;
export type Format = (typeof FORMATS)[number];

/** Below this WCAG ratio phone cameras start to miss codes. */
export const MIN_CONTRAST = 3;

/** How every code of a batch looks. */
export interface Template {
  /** Width and height: px of a PNG and an SVG, points of a PDF page. */
  readonly size: number;
  /** Quiet zone on each side, modules. */
  readonly margin: number;
  readonly errorCorrection: ErrorCorrection;
  readonly foreground: Colour;
  readonly background: Colour;
  readonly formats: readonly Format[];
  readonly logo?: { readonly key: string; readonly share: number };
  /** Pattern of a file's name without its ending: `{id}`, `{index}`, `{label}`. */
  readonly fileName: string;
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const KNOWN = ['size', 'margin', 'errorCorrection', 'foreground', 'background', 'formats', 'logo', 'fileName'];
/** For people and editors; they say nothing about the codes. */
const IGNORED = ['name', 'description', '$schema', 'id', 'templateId'];

/**
 * Reads and checks a template.
 *
 * @param text the JSON text of `templates/{templateId}.json`
 * @param name what to call it in messages
 * @throws PermanentError TEMPLATE_INVALID naming the field that is wrong
 */
export const parseTemplate = (text: string, name: string): Template => {
  const refuse = (problem: string): never => {
    throw new PermanentError('TEMPLATE_INVALID', `Template ${name}: ${problem}`, {
      next: 'Correct the template and request the batch again',
    });
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse('it is not valid JSON');
  }
  if (!isFields(value)) return refuse('it is not a JSON object');
  const fields = value;
  const unknown = Object.keys(fields).find((field) => !KNOWN.includes(field) && !IGNORED.includes(field));
  if (unknown !== undefined) refuse(`${unknown} is not a field of a template; known are ${KNOWN.join(', ')}`);

  const integer = (field: string, fallback: number, min: number, max: number): number => {
    const given = fields[field] ?? fallback;
    if (typeof given === 'number' && Number.isInteger(given) && given >= min && given <= max) return given;
    return refuse(`${field} must be a whole number from ${min} to ${max}`);
  };
  const colour = (field: string, fallback: string): Colour => {
    const given = fields[field] ?? fallback;
    return (
      (typeof given === 'string' ? parseColour(given) : undefined) ??
      refuse(`${field} must be a colour, #RGB or #RRGGBB`)
    );
  };
  const level = (): ErrorCorrection => {
    const given = fields.errorCorrection ?? 'M';
    return ERROR_CORRECTIONS.find((one) => one === given) ?? refuse('errorCorrection must be L, M, Q or H');
  };
  const formats = (): readonly Format[] => {
    const given = fields.formats ?? ['png'];
    if (!Array.isArray(given) || given.length === 0) return refuse('formats must be a list of png, svg, pdf');
    for (const one of given) {
      if (!FORMATS.some((format) => format === one))
        refuse(`formats may hold png, svg and pdf, not ${JSON.stringify(one)}`);
    }
    return FORMATS.filter((format) => given.includes(format));
  };
  const fileName = (): string => {
    const given = fields.fileName ?? '{id}';
    if (typeof given !== 'string' || given === '') return refuse('fileName must be a text such as {index}-{id}');
    const foreign = given.match(/\{(?!(?:id|index|label)\})[^}]*\}?/)?.[0];
    if (foreign !== undefined) refuse(`fileName holds ${foreign}; known are {id}, {index} and {label}`);
    return given;
  };
  const logo = (): Template['logo'] => {
    const given = fields.logo ?? undefined;
    if (given === undefined) return undefined;
    if (!isFields(given)) return refuse('logo must be an object with key and share');
    const { key, share = 0.2 } = given;
    if (typeof key !== 'string' || key === '' || key.length > 1_024) return refuse('logo.key must be the key of a PNG');
    if (typeof share !== 'number' || !(share >= 0.05 && share <= 0.25)) {
      return refuse('logo.share must be a share of the width from 0.05 to 0.25');
    }
    return { key, share };
  };

  const foreground = colour('foreground', '#000000');
  const background = colour('background', '#ffffff');
  const ratio = contrast(foreground, background);
  if (luminance(foreground) > luminance(background)) {
    refuse('foreground must be darker than background: many scanners do not read light codes on a dark ground');
  }
  if (ratio < MIN_CONTRAST) {
    refuse(
      `foreground ${foreground.hex} on background ${background.hex} has a contrast of ${ratio.toFixed(1)}, ` +
        `too low to scan: ${MIN_CONTRAST} is needed`,
    );
  }
  const mark = logo();
  const wanted = level();
  return {
    size: integer('size', 512, 64, 4_096),
    margin: integer('margin', 4, 0, 32),
    // The logo hides modules; only level H leaves enough to spare.
    errorCorrection: mark === undefined ? wanted : 'H',
    foreground,
    background,
    formats: formats(),
    ...(mark === undefined ? {} : { logo: mark }),
    fileName: fileName(),
  };
};
