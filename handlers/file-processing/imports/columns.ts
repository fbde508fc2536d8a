import { FileRefused } from '../refused.ts';

/** A field of an item, and how its column is found. */
interface Field {
  readonly isNeeded: boolean;
  /** Headers that are taken for it where the upload does not name one, best first. */
  readonly names: readonly string[];
}

/** The fields of an item, as lib/batches/item.ts checks them. */
export const FIELDS = {
  id: { isNeeded: true, names: ['id', 'item id', 'code', 'sku', 'number', 'no', 'nr', 'reference', 'ref'] },
  data: {
    isNeeded: true,
    names: ['data', 'url', 'link', 'content', 'target', 'destination', 'website', 'web address', 'text', 'value'],
  },
  label: { isNeeded: false, names: ['label', 'name', 'title', 'caption', 'description'] },
} as const satisfies Record<string, Field>;

export type FieldName = keyof typeof FIELDS;
const FIELD_NAMES: readonly FieldName[] = ['id', 'data', 'label'];

/** Where each field stands in a row. */
export type Columns = Readonly<Partial<Record<FieldName, number>>>;

const plain = (header: string): string =>
  header
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, ' ');

/**
 * Finds the column of each field.
 *
 * @param header the cells of the first row
 * @param mapping header by field, as the user chose; what it leaves out is found by known names
 * @throws FileRefused naming what is missing or stands there twice
 */
export const columnsOf = (header: readonly string[], mapping: Readonly<Record<string, string>>): Columns => {
  const unknown = Object.keys(mapping).find((field) => !Object.hasOwn(FIELDS, field));
  if (unknown !== undefined) {
    throw new FileRefused(`Columns can be chosen for ${FIELD_NAMES.join(', ')}, not for ${quoted(unknown)}.`);
  }
  const names = header.map(plain);
  const taken = new Set(Object.values(mapping).map(plain));
  const indexOf = (name: string): number | undefined => {
    const index = names.indexOf(name);
    if (index !== -1 && index !== names.lastIndexOf(name)) {
      throw new FileRefused(`Two columns are named ${quoted(header[index] ?? '')}: rename one of them.`);
    }
    return index === -1 ? undefined : index;
  };
  const found = FIELD_NAMES.flatMap((field) => {
    const { isNeeded, names: known }: Field = FIELDS[field];
    const chosen = mapping[field];
    if (chosen !== undefined) {
      const index = indexOf(plain(chosen));
      if (index !== undefined) return [[field, index] as const];
      throw new FileRefused(`There is no column ${quoted(chosen)}, which was chosen for ${field}. ${listed(header)}`);
    }
    const name = known.find((one) => names.includes(one) && !taken.has(one));
    const index = name === undefined ? undefined : indexOf(name);
    if (index !== undefined) return [[field, index] as const];
    if (!isNeeded) return [];
    throw new FileRefused(
      `No column was found for ${field}: choose one, or name it ${known.slice(0, 3).join(', ')} or the like. ${listed(header)}`,
    );
  });
  return Object.fromEntries(found);
};

const quoted = (text: string): string => `"${text.slice(0, 60)}"`;

const listed = (header: readonly string[]): string => {
  const shown = header.filter((name) => name.trim() !== '').slice(0, 20);
  return `The first row has ${shown.length === 0 ? 'no names' : shown.map(quoted).join(', ')}.`;
};
