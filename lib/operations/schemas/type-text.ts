import avro from 'avsc';

const { ArrayType, EnumType, FixedType, MapType, RecordType, UnwrappedUnionType, WrappedUnionType } = avro.types;

export type Union = avro.types.UnwrappedUnionType | avro.types.WrappedUnionType;

export const isUnionType = (type: avro.Type): type is Union =>
  type instanceof UnwrappedUnionType || type instanceof WrappedUnionType;

/** The last part of a full name. */
const short = (name: string | undefined): string => name?.replace(/^.*\./, '') ?? 'without a name';

/** A type as people say it: `int`, `string or null`, `list of int`, `record Address`. */
export const typeText = (type: avro.Type): string => {
  if (isUnionType(type)) {
    const branches = type.types.map(typeText);
    return [...branches.filter((text) => text !== 'null'), ...branches.filter((text) => text === 'null')].join(' or ');
  }
  if (type instanceof ArrayType) return `list of ${typeText(type.itemsType)}`;
  if (type instanceof MapType) return `map of ${typeText(type.valuesType)}`;
  if (type instanceof RecordType) return `record ${short(type.name)}`;
  if (type instanceof EnumType) return `one of ${type.symbols.join(', ')}`;
  if (type instanceof FixedType) return `${type.size} bytes`;
  return type.typeName;
};
