import type { FixedNode, PrimitiveNode, SchemaNode } from './schema.ts';
import type { Raw } from './values.ts';

/** What is read as something wider (Avro 1.12 specification, "Schema Resolution", "promoted"). */
const PROMOTIONS: Readonly<Partial<Record<SchemaNode['kind'], readonly SchemaNode['kind'][]>>> = {
  int: ['long', 'float', 'double'],
  long: ['float', 'double'],
  float: ['double'],
  string: ['bytes'],
  bytes: ['string'],
};

type Named = { readonly name: string; readonly aliases: readonly string[] };

const unqualified = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

const isSameName = (writer: Named, reader: Named): boolean =>
  unqualified(writer.name) === unqualified(reader.name) || reader.aliases.includes(writer.name);

/**
 * Whether values of one schema may be read by another at all; what lies inside of them is looked at value by value. A union
 * matches anything.
 */
export const matches = (writer: SchemaNode, reader: SchemaNode): boolean => {
  if (writer.kind === 'union' || reader.kind === 'union') return true;
  if (writer.kind === 'fixed' && reader.kind === 'fixed')
    return writer.size === reader.size && isSameName(writer, reader);
  if (writer.kind === 'enum' && reader.kind === 'enum') return isSameName(writer, reader);
  if (writer.kind === 'record' && reader.kind === 'record') return isSameName(writer, reader);
  if (writer.kind === 'array' && reader.kind === 'array') return matches(writer.items, reader.items);
  if (writer.kind === 'map' && reader.kind === 'map') return matches(writer.values, reader.values);
  return writer.kind === reader.kind || PROMOTIONS[writer.kind]?.includes(reader.kind) === true;
};

/** A value in the wider type that its reader has. */
export const promoted = (raw: Raw, { kind }: PrimitiveNode | FixedNode): Raw => {
  switch (kind) {
    case 'float':
      return Math.fround(Number(raw));
    case 'double':
      return Number(raw);
    case 'bytes':
      return typeof raw === 'string' ? Buffer.from(raw) : raw;
    case 'string':
      return Buffer.isBuffer(raw) ? raw.toString('utf8') : raw;
    default:
      return raw;
  }
};
