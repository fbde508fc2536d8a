import avro from 'avsc';
import { isUnionType, typeText, type Union } from './type-text.ts';

const { ArrayType, EnumType, FixedType, MapType, RecordType } = avro.types;

/**
 * Why a reader cannot read what a writer wrote.
 * - `missing`: the reader has the field, without a default; the writer does not write it
 * - `type`: the writer's type is none that the reader's can be made of
 * - `symbols`: the writer may write symbols that the reader neither knows nor has a default for
 * - `name`: a record, enum or fixed type has another name, and no alias says that it is the same
 * - `alias`: the writer writes several fields that the reader's name and aliases mean
 */
export type BreakKind = 'missing' | 'type' | 'symbols' | 'name' | 'alias';

/** One place where reading fails. */
export interface Break {
  /** Dotted from the top, e.g. `payload.items[].sku`; empty for the whole. */
  readonly path: string;
  readonly kind: BreakKind;
  /** What the reader expects there, in words. */
  readonly reader: string;
  /** What the writer writes there, in words; null where it writes nothing. */
  readonly writer: string | null;
}

/** Types whose values a reader's primitive type takes as well (Avro 1.12 specification, "Schema Resolution"). */
const PROMOTIONS: Readonly<Record<string, readonly string[]>> = {
  long: ['int'],
  float: ['int', 'long'],
  double: ['int', 'long', 'float'],
  string: ['bytes'],
  bytes: ['string'],
};

/** Pairs of records that are being compared further up: a record that holds itself is compared once. */
type Seen = ReadonlySet<string>;

const typeBreak = (reader: avro.Type, writer: avro.Type, path: string): Break => ({
  ...{ path, kind: 'type' },
  ...{ reader: typeText(reader), writer: typeText(writer) },
});

/** The reader's own name and its aliases are those it is known by. */
const isSameName = (reader: avro.Type, writer: avro.Type): boolean =>
  writer.name === undefined || [reader.name, ...(reader.aliases ?? [])].includes(writer.name);

const nameBreak = (reader: avro.Type, writer: avro.Type, path: string): readonly Break[] => [
  { path, kind: 'name', reader: reader.name ?? '', writer: writer.name ?? '' },
];

/** Each branch may have been written. */
const fromUnion = (reader: avro.Type, writer: Union, path: string, seen: Seen): readonly Break[] => {
  const breaks = writer.types.map((branch) => breaksAt(reader, branch, path, seen));
  if (breaks.every((each) => each.length === 0)) return [];
  // Where the two are no relatives at all, one sentence about the whole says more than one a branch.
  return breaks.every((each) => each.some(({ path: at, kind }) => at === path && kind === 'type'))
    ? [typeBreak(reader, writer, path)]
    : breaks.flat();
};

/** One branch that takes it is enough; where none does, the branch of its kind says why. */
const intoUnion = (reader: Union, writer: avro.Type, path: string, seen: Seen): readonly Break[] => {
  const tried = reader.types.map((branch) => ({ branch, breaks: breaksAt(branch, writer, path, seen) }));
  if (tried.some(({ breaks }) => breaks.length === 0)) return [];
  const kin = tried.filter(({ branch }) => branch.typeName === writer.typeName && isSameName(branch, writer));
  const [only] = kin;
  return kin.length === 1 && only !== undefined ? only.breaks : [typeBreak(reader, writer, path)];
};

const inRecord = (
  reader: avro.types.RecordType,
  writer: avro.types.RecordType,
  path: string,
  seen: Seen,
): readonly Break[] => {
  const pair = `${reader.name}:${writer.name}`;
  if (seen.has(pair)) return [];
  if (!isSameName(reader, writer)) return nameBreak(reader, writer, path);
  const inside = new Set([...seen, pair]);
  const written = new Map(writer.fields.map((field) => [field.name, field.type]));
  return reader.fields.flatMap((field): readonly Break[] => {
    const at = path === '' ? field.name : `${path}.${field.name}`;
    const [source, ...others] = [field.name, ...field.aliases].filter((name) => written.has(name));
    if (source !== undefined && others.length > 0) {
      return [{ path: at, kind: 'alias', reader: typeText(field.type), writer: [source, ...others].join(', ') }];
    }
    const type = source === undefined ? undefined : written.get(source);
    if (type !== undefined) return breaksAt(field.type, type, at, inside);
    return field.defaultValue() === undefined
      ? [{ path: at, kind: 'missing', reader: typeText(field.type), writer: null }]
      : [];
  });
};

const inEnum = (reader: avro.types.EnumType, writer: avro.types.EnumType, path: string): readonly Break[] => {
  if (!isSameName(reader, writer)) return nameBreak(reader, writer, path);
  const strange = writer.symbols.filter((symbol) => !reader.symbols.includes(symbol));
  // The declaration of avsc lacks an enum's default.
  const fallback: unknown = Reflect.get(reader, 'default');
  return strange.length === 0 || fallback !== undefined
    ? []
    : [{ path, kind: 'symbols', reader: reader.symbols.join(', '), writer: strange.join(', ') }];
};

const breaksAt = (reader: avro.Type, writer: avro.Type, path: string, seen: Seen): readonly Break[] => {
  if (isUnionType(writer)) return fromUnion(reader, writer, path, seen);
  if (isUnionType(reader)) return intoUnion(reader, writer, path, seen);
  if (reader instanceof RecordType && writer instanceof RecordType) return inRecord(reader, writer, path, seen);
  if (reader instanceof EnumType && writer instanceof EnumType) return inEnum(reader, writer, path);
  if (reader instanceof ArrayType && writer instanceof ArrayType) {
    return breaksAt(reader.itemsType, writer.itemsType, `${path}[]`, seen);
  }
  if (reader instanceof MapType && writer instanceof MapType) {
    return breaksAt(reader.valuesType, writer.valuesType, `${path}{}`, seen);
  }
  if (reader instanceof FixedType && writer instanceof FixedType && reader.size === writer.size) {
    return isSameName(reader, writer) ? [] : nameBreak(reader, writer, path);
  }
  const isFixed = reader instanceof FixedType;
  const isSame = reader.typeName === writer.typeName && !isFixed;
  const isTaken = PROMOTIONS[reader.typeName]?.includes(writer.typeName) === true;
  return isSame || isTaken ? [] : [typeBreak(reader, writer, path)];
};

/** Every place at which a reader with one schema fails on records that were written with another; none when it reads them. */
export const breaksOf = (reader: avro.Type, writer: avro.Type): readonly Break[] =>
  breaksAt(reader, writer, '', new Set());
