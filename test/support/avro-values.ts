import avro, { type Schema } from 'avsc';
import fc from 'fast-check';
import { exactLong } from '../../lib/events/exact-long.ts';

/** A schema with a value of it. */
export interface Typed {
  readonly schema: Schema;
  readonly value: unknown;
}

/** A value with the schema it was written with, and a later one that reads it. */
export interface Wide {
  readonly written: Schema;
  readonly wanted: Schema;
  readonly value: unknown;
}

/** Unions with their bare values, as the reader under test has them. */
export const typeFor = (schema: Schema): avro.Type =>
  avro.Type.forSchema(schema, { wrapUnions: 'never', registry: { long: exactLong } });

let count = 0;
const names = (): string => {
  count += 1;
  return `N${count}`;
};

const bytes = fc.uint8Array({ maxLength: 8 }).map((array) => Buffer.from(array));

const LEAVES: readonly fc.Arbitrary<Typed>[] = [
  fc.constant({ schema: 'null' as const, value: null }),
  fc.boolean().map((value) => ({ schema: 'boolean' as const, value })),
  fc.integer().map((value) => ({ schema: 'int' as const, value })),
  // Wider ones are a test of their own: avsc reads them as doubles with a loss.
  fc.integer({ min: -(2 ** 51), max: 2 ** 51 }).map((value) => ({ schema: 'long' as const, value })),
  fc.float().map((value) => ({ schema: 'float' as const, value })),
  fc.double().map((value) => ({ schema: 'double' as const, value })),
  fc.string({ unit: 'grapheme' }).map((value) => ({ schema: 'string' as const, value })),
  bytes.map((value) => ({ schema: 'bytes' as const, value })),
  bytes
    .map((value) => ({ schema: { type: 'fixed' as const, name: names(), size: value.length }, value }))
    .filter(({ value }) => value.length > 0),
  fc
    .uniqueArray(fc.stringMatching(/^[A-Z]{1,4}$/), { minLength: 1, maxLength: 5 })
    .chain((symbols) => fc.constantFrom(...symbols).map((value) => ({ symbols, value })))
    .map(({ symbols, value }) => ({ schema: { type: 'enum' as const, name: names(), symbols }, value })),
];

const { typed } = fc.letrec<{ typed: Typed; leaf: Typed }>((tie) => ({
  leaf: fc.oneof(...LEAVES),
  typed: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    tie('leaf'),
    fc.tuple(tie('typed'), fc.nat(3)).map(([{ schema, value }, count]) => ({
      schema: { type: 'array' as const, items: schema },
      value: Array.from({ length: count }, () => value),
    })),
    fc.tuple(tie('typed'), fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 3 })).map(([one, keys]) => ({
      schema: { type: 'map' as const, values: one.schema },
      value: Object.fromEntries(keys.filter((key) => key !== '__proto__').map((key) => [key, one.value])),
    })),
    fc.array(tie('typed'), { maxLength: 4 }).map((parts) => ({
      schema: {
        type: 'record' as const,
        name: names(),
        fields: parts.map(({ schema }, i) => ({ name: `f${i}`, type: schema })),
      },
      value: Object.fromEntries(parts.map(({ value }, i) => [`f${i}`, value])),
    })),
  ),
}));

/** Any schema without unions, and a value of it. */
export const anyTyped = (): fc.Arbitrary<Typed> => typed;

const WIDER: Readonly<Partial<Record<string, Schema>>> = {
  int: 'long',
  long: 'double',
  float: 'double',
  string: 'bytes',
};

/** What a next version of a schema may have instead. */
const widened = (schema: Schema, choice: number): Schema => {
  if (typeof schema === 'string') {
    const wider = WIDER[schema];
    if (choice % 3 === 0 && wider !== undefined) return wider;
    return choice % 3 === 1 && schema !== 'null' ? ['null', schema] : schema;
  }
  if (Array.isArray(schema) || !('type' in schema)) return schema;
  if (schema.type === 'array' && 'items' in schema) return { ...schema, items: widened(schema.items, choice) };
  if (schema.type === 'map' && 'values' in schema) return { ...schema, values: widened(schema.values, choice) };
  if (schema.type === 'enum' && 'symbols' in schema) return { ...schema, symbols: ['FIRST', ...schema.symbols] };
  if (schema.type !== 'record' || !('fields' in schema)) return schema;
  const fields = schema.fields.map((field, i) => ({ ...field, type: widened(field.type, choice + i) }));
  const kept = choice % 2 === 0 ? fields.slice(1) : fields;
  return { ...schema, fields: [...kept, { name: 'added', type: 'int', default: 7 }] };
};

export const anyWide = (): fc.Arbitrary<Wide> =>
  fc.tuple(typed, fc.nat(5)).map(([{ schema, value }, choice]) => ({
    written: schema,
    wanted: widened(schema, choice),
    value,
  }));
