import {
  type FieldNode,
  type Logical,
  PRIMITIVES,
  type Primitive,
  type PrimitiveNode,
  type RecordNode,
  type SchemaNode,
} from './schema.ts';

type Json = Readonly<Record<string, unknown>>;

/** Where a schema stands: the names known so far, and the namespace around it. */
interface Scope {
  readonly names: Map<string, SchemaNode>;
  readonly namespace: string;
}

const isPrimitive = (name: unknown): name is Primitive => PRIMITIVES.some((primitive) => primitive === name);

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textAt = (json: Json, name: string): string | undefined => {
  const value = json[name];
  return typeof value === 'string' ? value : undefined;
};

const listAt = (json: Json, name: string): readonly unknown[] => {
  const value = json[name];
  return Array.isArray(value) ? value : [];
};

const textsAt = (json: Json, name: string): readonly string[] =>
  listAt(json, name).filter((each) => typeof each === 'string');

const full = (name: string, namespace: string): string =>
  name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;

/**
 * Reads a schema as a registry keeps it (Avro 1.12 specification, "Schema Declaration").
 *
 * @param text JSON; a primitive's bare name as well
 * @param references texts of the schemas it names without defining them, each after those it itself refers to
 * @throws Error when it is no Avro schema
 */
export const parseSchema = (text: string, references: readonly string[] = []): SchemaNode => {
  const names = new Map<string, SchemaNode>();
  for (const reference of references) parsed(jsonOf(reference), { names, namespace: '' });
  return parsed(jsonOf(text), { names, namespace: '' });
};

const jsonOf = (text: string): unknown => (isPrimitive(text.trim()) ? text.trim() : JSON.parse(text));

const parsed = (json: unknown, scope: Scope): SchemaNode => {
  if (typeof json === 'string') return named(json, scope);
  if (Array.isArray(json)) return { kind: 'union', branches: json.map((branch: unknown) => parsed(branch, scope)) };
  if (!isObject(json)) throw new Error(`${JSON.stringify(json)} is no schema`);
  switch (json.type) {
    case 'record':
    case 'error':
      return record(json, scope);
    case 'enum':
    case 'fixed':
      return enumOrFixed(json, json.type, scope);
    case 'array':
      return { kind: 'array', items: parsed(json.items, scope) };
    case 'map':
      return { kind: 'map', values: parsed(json.values, scope) };
    default:
      return isPrimitive(json.type) ? primitive(json.type, json) : parsed(json.type, scope);
  }
};

const named = (name: string, { names, namespace }: Scope): SchemaNode => {
  if (isPrimitive(name)) return { kind: name };
  const node = names.get(full(name, namespace)) ?? names.get(name);
  if (node === undefined) throw new Error(`it names ${name}, which neither it nor a reference defines`);
  return node;
};

const logicalOf = (json: Json): { logical?: Logical } => {
  const name = textAt(json, 'logicalType');
  const scale = typeof json.scale === 'number' && Number.isSafeInteger(json.scale) ? json.scale : 0;
  return name === undefined ? {} : { logical: { name, scale } };
};

const primitive = (kind: Primitive, json: Json): PrimitiveNode => ({ kind, ...logicalOf(json) });

/** The names of a definition, and the namespace that holds inside of it. */
const naming = (json: Json, scope: Scope): { name: string; aliases: readonly string[]; namespace: string } => {
  const given = textAt(json, 'name');
  if (given === undefined || given === '') throw new Error('a record, enum or fixed has no name');
  const name = full(given, textAt(json, 'namespace') ?? scope.namespace);
  const namespace = name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : '';
  return { name, aliases: textsAt(json, 'aliases').map((alias) => full(alias, namespace)), namespace };
};

const enumOrFixed = (json: Json, kind: 'enum' | 'fixed', scope: Scope): SchemaNode => {
  const { name, aliases } = naming(json, scope);
  const size = typeof json.size === 'number' && Number.isSafeInteger(json.size) && json.size >= 0 ? json.size : -1;
  if (kind === 'fixed' && size < 0) throw new Error(`the fixed ${name} has no size`);
  const node: SchemaNode =
    kind === 'enum'
      ? { kind, name, aliases, symbols: textsAt(json, 'symbols'), fallback: textAt(json, 'default') }
      : { kind, name, aliases, size, ...logicalOf(json) };
  scope.names.set(name, node);
  return node;
};

const record = (json: Json, scope: Scope): SchemaNode => {
  const { name, aliases, namespace } = naming(json, scope);
  const node: RecordNode = { kind: 'record', name, aliases, fields: [] };
  scope.names.set(name, node);
  for (const field of listAt(json, 'fields')) {
    if (!isObject(field)) throw new Error(`the record ${name} has a field that is none`);
    node.fields.push(fieldOf(field, { names: scope.names, namespace }));
  }
  return node;
};

const fieldOf = (json: Json, scope: Scope): FieldNode => ({
  name: textAt(json, 'name') ?? '',
  aliases: textsAt(json, 'aliases'),
  type: parsed(json.type, scope),
  fallback: json.default,
});
