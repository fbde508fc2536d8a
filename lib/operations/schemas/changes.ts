import type avro from 'avsc';
import { fieldsOf, type SchemaField } from './fields.ts';
import { typeText } from './type-text.ts';

/** One field in which two schemas differ. */
export interface FieldChange {
  /** Dotted from the top; empty for the record itself. */
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'type' | 'default' | 'doc';
  /** Null for what is added, or was not there. */
  readonly from: string | null;
  readonly to: string | null;
}

const described = ({ type, fallback }: SchemaField): string =>
  fallback === null ? `${type}, no default` : `${type}, default ${fallback}`;

/** In what two schemas differ, field by field; the order of fields, which changes what is written but not what is read, is left out. */
export const changesBetween = (from: avro.Type, to: avro.Type): readonly FieldChange[] => {
  const [before, after] = [from, to].map((type) => new Map(fieldsOf(type).map((field) => [field.path, field])));
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
