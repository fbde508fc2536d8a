import { nameOf, type SchemaNode } from './schema.ts';
import type { Leaves, Raw } from './values.ts';

const isObject = (json: unknown): json is Readonly<Record<string, unknown>> =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

/** The value without parts that JSON stands for; undefined when it is none. */
const rawOf = (kind: SchemaNode['kind'], json: unknown): Raw | undefined => {
  switch (kind) {
    case 'null':
      return json === null ? null : undefined;
    case 'boolean':
      return typeof json === 'boolean' ? json : undefined;
    case 'int':
    case 'long':
    case 'float':
    case 'double':
      return typeof json === 'number' ? json : undefined;
    case 'bytes':
    case 'fixed':
      // Code points 0 to 255 stand for bytes.
      return typeof json === 'string' ? Buffer.from(json, 'latin1') : undefined;
    case 'string':
    case 'enum':
      return typeof json === 'string' ? json : undefined;
    default:
      return undefined;
  }
};

const fits = ({ kind }: SchemaNode, json: unknown): boolean => {
  if (kind === 'array') return Array.isArray(json);
  if (kind === 'map' || kind === 'record') return isObject(json);
  return rawOf(kind, json) !== undefined;
};

/**
 * The value of a field's default (Avro 1.12 specification, "Complex Types", table of field default values).
 *
 * @throws Error when the JSON is no value of the type
 */
export const defaultValue = (node: SchemaNode, json: unknown, leaves: Leaves): unknown => {
  if (node.kind === 'union') {
    const branch = node.branches.find((each) => fits(each, json));
    if (branch !== undefined) return defaultValue(branch, json, leaves);
  } else if (node.kind === 'array' && Array.isArray(json)) {
    return json.map((item: unknown) => defaultValue(node.items, item, leaves));
  } else if (node.kind === 'map' && isObject(json)) {
    return Object.fromEntries(
      Object.entries(json).map(([key, item]) => [key, defaultValue(node.values, item, leaves)]),
    );
  } else if (node.kind === 'record' && isObject(json)) {
    return Object.fromEntries(
      node.fields.map(({ name, type, fallback }) => [
        name,
        defaultValue(type, Object.hasOwn(json, name) ? json[name] : fallback, leaves),
      ]),
    );
  } else if (node.kind !== 'array' && node.kind !== 'map' && node.kind !== 'record') {
    const raw = rawOf(node.kind, json);
    if (raw !== undefined) return node.kind === 'enum' ? raw : leaves(node, raw);
  }
  throw new Error(`the default ${JSON.stringify(json)} is no ${nameOf(node)}`);
};
