import avro from 'avsc';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canRead } from '../../../lib/events/index.ts';
import { breaksOf } from '../../../lib/operations/schemas/breaks.ts';

type Json = string | { readonly [name: string]: unknown } | readonly Json[];

const PRIMITIVES = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'];
const SYMBOLS = ['A', 'B', 'C'];
const primitive = fc.constantFrom(...PRIMITIVES);

/** A shape without names: names come from the place where it stands, so that two schemas have much in common. */
type Shape =
  | { readonly kind: 'primitive'; readonly type: string }
  | { readonly kind: 'enum'; readonly symbols: readonly string[]; readonly fallback: boolean; readonly name: string }
  | { readonly kind: 'fixed'; readonly size: number; readonly name: string }
  | { readonly kind: 'array' | 'map'; readonly of: Shape }
  | { readonly kind: 'union'; readonly of: readonly Shape[] }
  | { readonly kind: 'record'; readonly name: string; readonly fields: readonly Field[] };

interface Field {
  readonly name: string;
  readonly shape: Shape;
  readonly withDefault: boolean;
  readonly aliases: readonly string[];
}

const name = fc.constantFrom('', '', '', 'Other');

const { shape } = fc.letrec<{ shape: Shape; field: Field }>((tie) => ({
  shape: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('primitive' as const), type: primitive }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('enum' as const),
        symbols: fc.uniqueArray(fc.constantFrom(...SYMBOLS), { minLength: 1 }),
        fallback: fc.boolean(),
        name,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('fixed' as const), size: fc.integer({ min: 1, max: 2 }), name }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('array' as const, 'map' as const), of: tie('shape') }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('union' as const),
        of: fc.array(tie('shape'), { minLength: 1, maxLength: 3 }),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('record' as const),
        name,
        fields: fc.uniqueArray(tie('field'), { maxLength: 3, selector: (each) => each.name }),
      }),
    },
  ),
  field: fc.record({
    name: fc.constantFrom('a', 'b', 'c'),
    shape: tie('shape'),
    withDefault: fc.boolean(),
    aliases: fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 1 }),
  }),
}));

const DEFAULTS: Readonly<Record<string, unknown>> = {
  ...{ null: null, boolean: false, int: 1, long: 1, float: 1, double: 1, bytes: 'b', string: 's' },
};

const schemaOf = (given: Shape, path: string): Json => {
  switch (given.kind) {
    case 'primitive':
      return given.type;
    case 'enum': {
      const { symbols, fallback } = given;
      const base = { type: 'enum', name: `E${path}${given.name}`, symbols };
      return fallback ? { ...base, default: symbols[0] } : base;
    }
    case 'fixed':
      return { type: 'fixed', name: `F${path}${given.name}`, size: given.size };
    case 'array':
      return { type: 'array', items: schemaOf(given.of, `${path}_i`) };
    case 'map':
      return { type: 'map', values: schemaOf(given.of, `${path}_v`) };
    case 'union': {
      // Avro allows neither a union within a union nor two unnamed branches of the same type.
      const branches = given.of.filter(
        (each, i) => each.kind !== 'union' && given.of.findIndex((o) => o.kind === each.kind) === i,
      );
      return branches.length === 0 ? ['null'] : branches.map((each) => schemaOf(each, path));
    }
    case 'record':
      return {
        type: 'record',
        name: `R${path}${given.name}`,
        fields: given.fields.map((field) => {
          const base = { name: field.name, type: schemaOf(field.shape, `${path}_${field.name}`) };
          const aliases = field.aliases.filter((alias) => !given.fields.some((other) => other.name === alias));
          const isPrimitive = field.shape.kind === 'primitive' && field.withDefault;
          const fallback = field.shape.kind === 'primitive' ? DEFAULTS[field.shape.type] : undefined;
          return { ...base, aliases, ...(isPrimitive ? { default: fallback } : {}) };
        }),
      };
  }
};

const compiled = (schema: Json): avro.Type => avro.Type.forSchema(JSON.parse(JSON.stringify(schema)));

/** Two schemas of which the second is often the first with some part exchanged. */
const pairs = fc.tuple(shape, shape, fc.boolean()).map(([one, other, isPart]): [Shape, Shape] => {
  if (!isPart || one.kind !== 'record' || one.fields.length === 0) return [one, other];
  const [first, ...rest] = one.fields;
  return first === undefined ? [one, other] : [one, { ...one, fields: [{ ...first, shape: other }, ...rest] }];
});

describe('the explanation', () => {
  it('exists exactly when the Avro library refuses to read', () => {
    let refused = 0;
    fc.assert(
      fc.property(pairs, ([one, other]) => {
        const [reader, writer] = [compiled(schemaOf(one, '')), compiled(schemaOf(other, ''))];
        const isReadable = canRead(reader, writer);
        refused += isReadable ? 0 : 1;
        expect(breaksOf(reader, writer).length === 0).toBe(isReadable);
      }),
      { numRuns: 150 },
    );
    expect(refused).toBeGreaterThan(15);
  }, 30_000);

  it('of a schema and itself is empty', () => {
    fc.assert(
      fc.property(shape, (one) => {
        const type = compiled(schemaOf(one, ''));
        expect(breaksOf(type, type)).toEqual([]);
      }),
    );
  });

  it('of a record that holds itself ends', () => {
    const chain = (of: string): avro.Type =>
      compiled({
        ...{ type: 'record', name: 'Node' },
        fields: [
          { name: 'value', type: of },
          { name: 'next', type: ['null', 'Node'] },
        ],
      });
    expect(breaksOf(chain('long'), chain('int'))).toEqual([]);
    expect(breaksOf(chain('int'), chain('long'))).toEqual([
      { path: 'value', kind: 'type', reader: 'int', writer: 'long' },
    ]);
  });

  const record = (...fields: readonly Json[]): avro.Type => compiled({ type: 'record', name: 'Thing', fields });
  const field = (type: Json, more: object = {}): Json => ({ name: 'x', type, ...more });
  const inner = (type: Json): Json => ({ type: 'record', name: 'Inner', fields: [{ name: 'y', type }] });

  it.each([
    ['a field without a default', record(field('int')), record(), [['x', 'missing', 'int', null]]],
    ['a type', record(field('string')), record(field('int')), [['x', 'type', 'string', 'int']]],
    ['null', record(field('int')), record(field(['null', 'int'])), [['x', 'type', 'int', 'null']]],
    [
      'a field of a record that may be absent',
      record(field(['null', inner('int')])),
      record(field(['null', inner('string')])),
      [['x.y', 'type', 'int', 'string']],
    ],
    [
      'an element of a list',
      record(field({ type: 'array', items: 'int' })),
      record(field({ type: 'array', items: 'string' })),
      [['x[]', 'type', 'int', 'string']],
    ],
    [
      'a symbol',
      record(field({ type: 'enum', name: 'E', symbols: ['A'] })),
      record(field({ type: 'enum', name: 'E', symbols: ['A', 'B'] })),
      [['x', 'symbols', 'A', 'B']],
    ],
    [
      'a name',
      record(field(inner('int'))),
      compiled({ type: 'record', name: 'Other', fields: [] }),
      [['', 'name', 'Thing', 'Other']],
    ],
    [
      'two fields that mean one',
      record(field('int', { aliases: ['old'] })),
      record(field('int'), { name: 'old', type: 'int' }),
      [['x', 'alias', 'int', 'x, old']],
    ],
    [
      'nothing of a field with an alias',
      record(field('int', { aliases: ['old'] })),
      record({ name: 'old', type: 'int' }),
      [],
    ],
  ])('names %s where it breaks', (_, reader, writer, expected) => {
    expect(breaksOf(reader, writer).map((each) => [each.path, each.kind, each.reader, each.writer])).toEqual(expected);
    expect(canRead(reader, writer)).toBe(expected.length === 0);
  });
});
