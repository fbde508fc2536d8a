import avro from 'avsc';
import { isUnionType, typeText } from './type-text.ts';

const { ArrayType, MapType, RecordType } = avro.types;

/** What is to be known of a field. */
export interface SchemaField {
  /** Dotted from the top, e.g. `payload.items[].sku`. */
  readonly path: string;
  /** In words, e.g. `string or null`. */
  readonly type: string;
  /** As JSON; null without one. */
  readonly fallback: string | null;
  readonly doc: string | null;
}

/** The declaration of avsc lacks a field's doc. */
const docOf = (field: avro.types.Field): string | null => {
  const doc: unknown = Reflect.get(field, 'doc');
  return typeof doc === 'string' ? doc : null;
};

const fallbackOf = (field: avro.types.Field): string | null => {
  const value: unknown = field.defaultValue();
  return value === undefined ? null : JSON.stringify(value);
};

const fieldsIn = (type: avro.Type, above: string, inside: readonly string[]): readonly SchemaField[] => {
  if (isUnionType(type)) return type.types.flatMap((branch) => fieldsIn(branch, above, inside));
  if (type instanceof ArrayType) return fieldsIn(type.itemsType, `${above}[]`, inside);
  if (type instanceof MapType) return fieldsIn(type.valuesType, `${above}{}`, inside);
  if (!(type instanceof RecordType) || inside.includes(type.name ?? '')) return [];
  return type.fields.flatMap((field) => {
    const path = above === '' ? field.name : `${above}.${field.name}`;
    const own = { path, type: typeText(field.type), fallback: fallbackOf(field), doc: docOf(field) };
    return [own, ...fieldsIn(field.type, path, [...inside, type.name ?? ''])];
  });
};

/** Every field of a type, also those of what it holds; a record that holds itself is entered once. */
export const fieldsOf = (type: avro.Type): readonly SchemaField[] => fieldsIn(type, '', []);
