import { defaultValue } from './defaults.ts';
import { matches, promoted } from './matching.ts';
import {
  type ArrayNode,
  type EnumNode,
  type FieldNode,
  type FixedNode,
  type MapNode,
  nameOf,
  type PrimitiveNode,
  type RecordNode,
  type SchemaNode,
} from './schema.ts';
import { Tap } from './tap.ts';
import { discarded, type Leaves, type Raw } from './values.ts';

type Read = (tap: Tap) => unknown;

/** Items that take no bytes, such as nulls, in one array: more are an attack on our memory. */
const EMPTY_ITEMS = 1_000_000;

/**
 * Reads values of one schema by another (Avro 1.12 specification, "Schema Resolution"). What the two disagree on counts only
 * where a value has it: an enum's symbol, a union's branch, a field without default.
 *
 * @param writer the schema the values were written with
 * @param reader the schema they are wanted in; absent, they stay as they were written
 * @returns reads one value; throws an Error when the bytes are no such value, or the value is none of the reader's
 */
export const valueReader = (writer: SchemaNode, leaves: Leaves, reader?: SchemaNode): ((body: Buffer) => unknown) => {
  const read = new Resolution(leaves).of(writer, reader);
  return (body) => {
    const tap = new Tap(body);
    const value = read(tap);
    if (tap.left > 0) throw new Error(`${tap.left} bytes are left behind the value`);
    return value;
  };
};

class Resolution {
  readonly #leaves: Leaves;
  /** Records that are being resolved or are done: they may hold themselves. */
  readonly #records = new Map<RecordNode, Map<RecordNode | undefined, Read>>();

  constructor(leaves: Leaves) {
    this.#leaves = leaves;
  }

  of(writer: SchemaNode, reader: SchemaNode | undefined): Read {
    if (writer.kind === 'union') return this.#union(writer.branches, reader);
    if (reader?.kind === 'union') {
      const branch = reader.branches.find((each) => matches(writer, each));
      return branch === undefined ? unreadable(writer, reader) : this.of(writer, branch);
    }
    if (reader !== undefined && !matches(writer, reader)) return unreadable(writer, reader);
    switch (writer.kind) {
      case 'record':
        return this.#record(writer, reader?.kind === 'record' ? reader : undefined);
      case 'array':
        return this.#array(writer, reader?.kind === 'array' ? reader : undefined);
      case 'map':
        return this.#map(writer, reader?.kind === 'map' ? reader : undefined);
      case 'enum':
        return enumReader(writer, reader?.kind === 'enum' ? reader : undefined);
      default:
        return this.#leaf(writer, reader);
    }
  }

  #union(branches: readonly SchemaNode[], reader: SchemaNode | undefined): Read {
    const reads = branches.map((branch) => this.of(branch, reader));
    return (tap) => {
      const index = tap.long();
      const read = reads[Number(index)];
      if (read === undefined) throw new Error(`a union has no branch ${index}`);
      return read(tap);
    };
  }

  #leaf(writer: PrimitiveNode | FixedNode, reader: SchemaNode | undefined): Read {
    const raw = rawReader(writer);
    const leaves = this.#leaves;
    if (reader === undefined || !isLeaf(reader)) return (tap) => leaves(writer, raw(tap));
    return (tap) => leaves(reader, promoted(raw(tap), reader));
  }

  #array({ items }: ArrayNode, reader: ArrayNode | undefined): Read {
    const read = this.of(items, reader?.items);
    return (tap) => blocks(tap, () => read(tap));
  }

  #map({ values }: MapNode, reader: MapNode | undefined): Read {
    const read = this.of(values, reader?.values);
    return (tap) => Object.fromEntries(blocks(tap, () => [tap.string(), read(tap)] as const));
  }

  #record(writer: RecordNode, reader: RecordNode | undefined): Read {
    const known = this.#records.get(writer)?.get(reader);
    if (known !== undefined) return known;
    let read: Read | undefined;
    const later: Read = (tap) => {
      read ??= this.#fields(writer, reader);
      return read(tap);
    };
    const ofWriter = this.#records.get(writer) ?? new Map<RecordNode | undefined, Read>();
    this.#records.set(writer, ofWriter.set(reader, later));
    return later;
  }

  #fields(writer: RecordNode, reader: RecordNode | undefined): Read {
    const steps = writer.fields.map((field) => {
      const wanted = reader === undefined ? field : fieldFor(field, reader);
      if (wanted === undefined) return { name: undefined, read: new Resolution(discarded).of(field.type, undefined) };
      return { name: wanted.name, read: this.of(field.type, reader === undefined ? undefined : wanted.type) };
    });
    const given = new Set(steps.map(({ name }) => name));
    const absent = (reader?.fields ?? []).filter(({ name }) => !given.has(name));
    const order = (reader ?? writer).fields.map(({ name }) => name);
    return (tap) => {
      const values = new Map<string, unknown>();
      for (const { name, read } of steps) {
        const value = read(tap);
        if (name !== undefined) values.set(name, value);
      }
      for (const field of absent) values.set(field.name, this.#fallback(field, writer));
      return Object.fromEntries(order.map((name) => [name, values.get(name)]));
    };
  }

  #fallback({ name, type, fallback }: FieldNode, writer: RecordNode): unknown {
    if (fallback !== undefined) return defaultValue(type, fallback, this.#leaves);
    throw new Error(`the field ${name} of ${nameOf(writer)} was not written, and has no default`);
  }
}

/** The field of a reader's record that a written one goes to. */
const fieldFor = ({ name }: FieldNode, reader: RecordNode): FieldNode | undefined =>
  reader.fields.find((field) => field.name === name) ?? reader.fields.find(({ aliases }) => aliases.includes(name));

const enumReader =
  (writer: EnumNode, reader: EnumNode | undefined): Read =>
  (tap) => {
    const index = tap.int();
    const symbol = writer.symbols[index];
    if (symbol === undefined) throw new Error(`${nameOf(writer)} has no symbol number ${index}`);
    if (reader === undefined || reader.symbols.includes(symbol)) return symbol;
    if (reader.fallback !== undefined) return reader.fallback;
    throw new Error(`${nameOf(reader)} has no symbol ${symbol}`);
  };

const isLeaf = (node: SchemaNode): node is PrimitiveNode | FixedNode =>
  node.kind !== 'union' &&
  node.kind !== 'record' &&
  node.kind !== 'array' &&
  node.kind !== 'map' &&
  node.kind !== 'enum';

const rawReader = (node: PrimitiveNode | FixedNode): ((tap: Tap) => Raw) => {
  if (node.kind === 'fixed') return (tap) => tap.fixed(node.size);
  if (node.kind === 'null') return () => null;
  const { kind } = node;
  return (tap) => tap[kind]();
};

const blocks = <Item>(tap: Tap, read: () => Item): readonly Item[] => {
  const items: Item[] = [];
  let empty = 0;
  for (let count = tap.block(); count > 0; count = tap.block()) {
    for (let i = 0; i < count; i += 1) {
      const before = tap.at;
      items.push(read());
      if (tap.at === before) empty += 1;
      if (empty > EMPTY_ITEMS) throw new Error(`more than ${EMPTY_ITEMS} items that take no bytes`);
    }
  }
  return items;
};

const unreadable =
  (writer: SchemaNode, reader: SchemaNode): Read =>
  () => {
    const wanted = reader.kind === 'union' ? reader.branches.map(nameOf).join(' or ') : nameOf(reader);
    throw new Error(`a value was written as ${nameOf(writer)}, and ${wanted} is wanted`);
  };
