import { StreamError } from '../errors.ts';
import type { ReadableRecord } from './records.ts';

/** `=` the same text, `!=` another or none, `~` contains. */
export type Comparison = '=' | '!=' | '~';

/** A condition on a field of the decoded value, or on a header. */
export interface Condition {
  /** Steps into the value, e.g. `['payload', 'userId']`; `headers` leads to the headers. */
  readonly path: readonly string[];
  readonly comparison: Comparison;
  readonly text: string;
}

/** Which records somebody wants to see; all of them where nothing is said. */
export interface RecordFilter {
  readonly key?: string | undefined;
  /** All of them hold. */
  readonly where?: readonly Condition[];
}

const CONDITION = /^([^=!~]+?)(!=|=|~)([\s\S]*)$/;

const comparisonOf = (word: string | undefined): Comparison => (word === '!=' || word === '~' ? word : '=');

/**
 * A condition as it is typed: `payload.userId=u1`, `payload.action!=scan`, `headers.event-type~scan`.
 *
 * @throws StreamError USAGE
 */
export const conditionOf = (typed: string): Condition => {
  const [, path = '', comparison, text = ''] = CONDITION.exec(typed) ?? [];
  const steps = path.trim().split('.');
  if (steps.some((step) => step === '')) {
    throw new StreamError('USAGE', `"${typed}" is no condition.`, {
      next: 'Write payload.userId=VALUE, with = (is), != (is not) or ~ (contains)',
    });
  }
  return { path: steps, comparison: comparisonOf(comparison), text };
};

/** Headers have names with dots and dashes: what follows `headers.` is one name. */
const headerAt = ({ headers }: ReadableRecord, path: readonly string[]): unknown => headers[path.slice(1).join('.')];

/** What lies at a path, through lists as well: `items.sku` is the sku of every item. */
const valuesAt = (value: unknown, [step, ...rest]: readonly string[]): readonly unknown[] => {
  if (Array.isArray(value)) {
    const index = Number(step);
    return step !== undefined && /^\d+$/.test(step)
      ? valuesAt(value[index], rest)
      : value.flatMap((item: unknown) => valuesAt(item, step === undefined ? [] : [step, ...rest]));
  }
  if (step === undefined) return value === undefined ? [] : [value];
  if (typeof value !== 'object' || value === null) return [];
  const found: unknown = Object.hasOwn(value, step) ? Reflect.get(value, step) : undefined;
  return valuesAt(found, rest);
};

const textOf = (value: unknown): string =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);

const holds = (record: ReadableRecord, { path, comparison, text }: Condition): boolean => {
  const header = path[0] === 'headers' ? headerAt(record, path) : undefined;
  const texts = (path[0] === 'headers' ? (header === undefined ? [] : [header]) : valuesAt(record.value, path)).map(
    textOf,
  );
  switch (comparison) {
    case '=':
      return texts.includes(text);
    case '!=':
      return !texts.includes(text);
    case '~':
      return texts.some((each) => each.includes(text));
  }
};

/** Whether a record is one of those that are wanted. */
export const isWanted = (record: ReadableRecord, { key, where = [] }: RecordFilter): boolean =>
  (key === undefined || record.key === key) && where.every((condition) => holds(record, condition));
