import avro from 'avsc';
import { isUnionType, typeText } from './type-text.ts';

const { ArrayType, MapType, RecordType } = avro.types;

/** One field in which two schemas differ. */
export interface FieldChange {
  /** Dotted from the top; empty for the record itself. */
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'type' | 'default' | 'doc';
  /** Null for what is added, or was not there. */
  readonly from: string | null;
  readonly to: string | null;
}

/** What is to be known of a field. */
interface Flat {
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

/** Every field of a type by its path; a record that holds itself is entered once. */
const flattened = (type: avro.Type, path: string, inside: readonly string[]): readonly (readonly [string, Flat])[] => {
  if (isUnionType(type)) return type.types.flatMap((branch) => flattened(branch, path, inside));
  if (type instanceof ArrayType) return flattened(type.itemsType, `${path}[]`, inside);
  if (type instanceof MapType) return flattened(type.valuesType, `${path}{}`, inside);
  if (!(type instanceof RecordType) || inside.includes(type.name ?? '')) return [];
  return type.fields.flatMap((field) => {
    const at = path === '' ? field.name : `${path}.${field.name}`;
    const flat = { type: typeText(field.type), fallback: fallbackOf(field), doc: docOf(field) };
    return [[at, flat] as const, ...flattened(field.type, at, [...inside, type.name ?? ''])];
  });
};

const described = ({ type, fallback }: Flat): string =>
  fallback === null ? `${type}, no default` : `${type}, default ${fallback}`;

/** In what two schemas differ, field by field; the order of fields, which changes what is written but not what is read, is left out. */
export const changesBetween = (from: avro.Type, to: avro.Type): readonly FieldChange[] => {
  const [before, after] = [from, to].map((type) => new Map(flattened(type, '', [])));
  const paths = new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])]);
  const fields = [...paths].flatMap((path): FieldChange[] => {
    const [was, is] = [before?.get(path), after?.get(path)];
    if (was === undefined) return is === undefined ? [] : [{ path, kind: 'added', from: null, to: described(is) }];
    if (is === undefined) return [{ path, kind: 'removed', from: described(was), to: null }];
    return [
      ...(was.type === is.type ? [] : [{ path, kind: 'type', from: was.type, to: is.type } as const]),
      ...(was.fallback === is.fallback
        ? []
        : [{ path, kind: 'default', from: was.fallback, to: is.fallback } as const]),
      ...(was.doc === is.doc ? [] : [{ path, kind: 'doc', from: was.doc, to: is.doc } as const]),
    ];
  });
  const [was, is] = [typeText(from), typeText(to)];
  return [
    ...(was === is ? [] : [{ path: '', kind: 'type', from: was, to: is } as const]),
    ...(from.doc === to.doc ? [] : [{ path: '', kind: 'doc', from: from.doc ?? null, to: to.doc ?? null } as const]),
    ...fields,
  ];
};
