import type { EventType } from '../../lib/catalog/index.ts';
import { type AvroSchema, fieldOf, isRecord, isUnion } from '../../lib/events/avro-schema.ts';
import { schemaOf } from '../../lib/events/schemas.ts';

/** Texts that are allowed where a schema says string, and that no code should trust. */
const TEXTS = [
  ...['', ' ', 'x', '\u0000', '\n\r', 'naïve😀\u202e', 'x'.repeat(5_000), '\ud7ff\uffff'],
  ...['{tag}', '}{', 'a:b:c', '[', '\\', '%', '*', '../../etc/passwd', 'https://example.com/%00'],
  ...['__proto__', 'constructor', 'null', 'NaN', '-1', '0'],
  ...['9999-99-99T99:99:99Z', '2024-02-30T00:00:00Z', '2026-01-01T00:00:00Z', '+275760-09-13T00:00:00.001Z'],
  ...['javascript:alert(1)', 'http://169.254.169.254/', 'http://[::1]:1/', 'xn--', 'example.com', 'a@b.c'],
  ...[
    'EUR',
    'XXX',
    'en',
    'zz-ZZ-zzzz-too-long-tag',
    'email',
    'webhook',
    'in-app',
    'tips',
    'owner',
    'csv-import',
    'pro',
  ],
  ...['active', 'user-1', '+4915112345678', 'uploads/user-1/f'],
] as const;
const WHOLE = [0, 1, -1, 2, 2_147_483_647, -2_147_483_648] as const;
const LONG = [...WHOLE, 9_007_199_254_740_990, -9_007_199_254_740_990] as const;

/** Values that are no Avro, no JSON, or not what they seem. */
export const HOSTILE_VALUES: readonly (Buffer | null)[] = [
  null,
  ...['', '{', '[]', '{}', '"x"', '{"payload":null}', '{"eventType":null}', '{"__proto__":{"a":1}}'],
  `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
  '{"payload":{"userId":1e999}}',
  '\u0000\u0000\u0000\u0000\u0001',
  '\u0003\u0000abc',
  `\u0003\u0005${'x'.repeat(30)}`,
  'x'.repeat(900_000),
].map((text) => (text === null ? null : Buffer.from(text, 'latin1')));

/** @param random numbers from 0 to 1 */
export const hostilePayload = (type: EventType, random: () => number): unknown => {
  const pick = <Value>(values: readonly Value[]): Value | undefined => values[Math.floor(random() * values.length)];
  const some = <Value>(make: () => Value): Value[] => Array.from({ length: Math.floor(random() * 4) }, make);
  const valueFor = (schema: AvroSchema | undefined): unknown => {
    if (schema === undefined) throw new RangeError(`the schema of ${type} has no payload`);
    if (isUnion(schema)) return valueFor(pick(schema));
    if (isRecord(schema)) return Object.fromEntries(schema.fields.map(({ name, type: own }) => [name, valueFor(own)]));
    if (typeof schema === 'object') {
      if (schema.type === 'enum') return pick(schema.symbols);
      if (schema.type === 'array') return some(() => valueFor(schema.items));
      return Object.fromEntries(some(() => [pick(TEXTS) ?? '', valueFor(schema.values)]));
    }
    return primitive(schema);
  };
  const primitive = (name: string): unknown => {
    if (name === 'null') return null;
    if (name === 'boolean') return random() < 0.5;
    if (name === 'int') return pick(WHOLE);
    if (name === 'long') return pick(LONG);
    if (name === 'string') return pick(TEXTS);
    throw new RangeError(`no values are known for ${name}`);
  };
  return valueFor(fieldOf(schemaOf(type), 'payload')?.type);
};
