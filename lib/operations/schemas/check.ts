import type avro from 'avsc';
import { canRead } from '../../events/index.ts';
import { type Break, breaksOf } from './breaks.ts';

/** Another schema of the subject that records were written with, and that readers have. */
export interface Earlier {
  /** E.g. `version 3`, or `the released schema`. */
  readonly name: string;
  readonly type: avro.Type;
}

/**
 * Who cannot read what.
 * - `old-records`: functions with the new schema cannot read the records that lie in the topic; never allowed here
 * - `new-records`: functions that still have an earlier schema cannot read what is written with the new one
 */
export type Direction = 'old-records' | 'new-records';

/** A change, and the schemas with which it breaks in the same way. */
export interface Finding {
  readonly direction: Direction;
  /** Dotted; empty for the whole record. */
  readonly field: string;
  /** E.g. `int → string`. */
  readonly change: string;
  /** Names of the earlier schemas it breaks with. */
  readonly earlier: readonly string[];
  /** Whether it must not be: else it is only to be known, until every reader has the new schema. */
  readonly isBreaking: boolean;
  /** The whole as a sentence. */
  readonly text: string;
}

/** Breaks of a pair where the Avro library finds one; our explanation of it, or its bare refusal. */
const verdict = (reader: avro.Type, writer: avro.Type): readonly Break[] => {
  if (canRead(reader, writer)) return [];
  const breaks = breaksOf(reader, writer);
  return breaks.length > 0
    ? breaks
    : [{ path: '', kind: 'type', reader: reader.typeName, writer: `${writer.typeName} of another kind` }];
};

/** What was changed, told from the earlier schema to the new one, whoever of them reads. */
const changeOf = ({ kind, reader, writer }: Break, direction: Direction): string => {
  const isNewReader = direction === 'old-records';
  switch (kind) {
    case 'missing':
      return isNewReader ? `added (${reader}) without a default` : `removed, and readers had no default for it`;
    case 'symbols':
      return isNewReader
        ? `${writer} taken from the list, without a default symbol`
        : `${writer} added to a list without a default symbol`;
    case 'alias':
      return `${writer} all mean this field`;
    case 'name':
    case 'type': {
      const [was, is] = isNewReader ? [writer, reader] : [reader, writer];
      return `${was} → ${is}${kind === 'name' ? ', without an alias' : ''}`;
    }
  }
};

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

const sentence = (
  { direction, field, change, earlier }: Omit<Finding, 'text' | 'isBreaking'>,
  fresh: string,
): string => {
  const who =
    direction === 'old-records'
      ? `readers of ${fresh} cannot read records of ${listed(earlier)}`
      : `readers of ${listed(earlier)} cannot read records of ${fresh}`;
  return `${field === '' ? 'the record' : `field ${field}`}: ${change}: ${who}`;
};

/** Levels at which readers are upgraded after writers. */
const asksForward = (level: string): boolean => /^(FORWARD|FULL)/.test(level);

/**
 * Which change of a schema breaks which reader.
 *
 * @param fresh the schema, and what to call it in sentences, e.g. `this schema`
 * @param earlier every schema its readers and records may have
 * @param level what the registry asks of the subject; whatever it is, records that lie in a topic must stay readable
 */
export const checkAgainst = (fresh: Earlier, earlier: readonly Earlier[], level: string): readonly Finding[] => {
  const found = new Map<string, Omit<Finding, 'text'>>();
  for (const { name, type } of earlier) {
    for (const direction of ['old-records', 'new-records'] as const) {
      const [reader, writer] = direction === 'old-records' ? [fresh.type, type] : [type, fresh.type];
      const isBreaking = direction === 'old-records' || asksForward(level);
      for (const each of verdict(reader, writer)) {
        const change = changeOf(each, direction);
        const key = `${direction}\0${each.path}\0${change}`;
        const names = found.get(key)?.earlier ?? [];
        found.set(key, { direction, field: each.path, change, isBreaking, earlier: [...names, name] });
      }
    }
  }
  return [...found.values()]
    .map((finding) => ({ ...finding, text: sentence(finding, fresh.name) }))
    .sort((a, b) => Number(b.isBreaking) - Number(a.isBreaking));
};
