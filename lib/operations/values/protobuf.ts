import protobuf from 'protobufjs';
import { Tap } from '../../events/avro/index.ts';
import type { DescribedSchema } from '../../events/index.ts';
import { doubleShown } from './numbers.ts';

/** 64 bits as their digits and bytes in base64, as in ProtoJSON (protobuf.dev, "ProtoJSON Format"). */
const SHOWN: protobuf.IConversionOptions = { longs: String, enums: String, bytes: String, json: true, arrays: false };

/**
 * Reads values of a Protobuf schema, as Confluent's serializers write them.
 *
 * @throws Error when the schema is none
 */
export const protobufReader = ({ text, references }: DescribedSchema): ((body: Buffer) => unknown) => {
  const root = new protobuf.Root();
  const parsed = [text, ...references.map((reference) => reference.text)].map((each, i) => {
    const file = protobuf.parse(each, root, { keepCase: true });
    // Its messages are numbered in its own order, before those of other files in the same package.
    return { file, messages: i === 0 ? messagesOf(packageOf(root, file)) : [] };
  });
  const given = new Set(references.map(({ name }) => name));
  const imports = new Set(parsed.flatMap(({ file }) => [...(file.imports ?? []), ...(file.weakImports ?? [])]));
  for (const path of imports) if (!given.has(path)) addWellKnown(root, path);
  const messages = parsed[0]?.messages ?? [];
  root.resolveAll();
  return (body) => {
    const tap = new Tap(body);
    const path = indexesIn(tap);
    const type = messageAt(messages, path);
    if (type === undefined) throw new Error(`the schema has no message at ${path.join('.')}`);
    return finite(type.toObject(type.decode(tap.fixed(tap.left)), SHOWN));
  };
};

/** Google's own types, which come with the library and with no registry. */
const addWellKnown = (root: protobuf.Root, path: string): void => {
  const known = protobuf.common.get(path);
  if (known?.nested !== undefined) root.addJSON(known.nested);
};

const packageOf = (root: protobuf.Root, file: protobuf.IParserResult): protobuf.ReflectionObject | null =>
  file.package === undefined || file.package === '' ? root : root.lookup(file.package);

const messagesOf = (space: protobuf.ReflectionObject | null): readonly protobuf.Type[] =>
  space instanceof protobuf.Namespace ? space.nestedArray.filter((each) => each instanceof protobuf.Type) : [];

/**
 * Which message of the schema a value is: the way to it, number by number. A single 0 stands for the first one
 * (docs.confluent.io, Schema Registry, "Wire format").
 */
const indexesIn = (tap: Tap): readonly number[] => {
  const count = tap.int();
  if (count === 0) return [0];
  if (count < 0 || count > tap.left) throw new Error(`${count} is no number of message indexes`);
  return Array.from({ length: count }, () => tap.int());
};

const messageAt = (
  messages: readonly protobuf.Type[],
  [index, ...rest]: readonly number[],
): protobuf.Type | undefined => {
  const type = index === undefined ? undefined : messages[index];
  return type === undefined || rest.length === 0 ? type : messageAt(messagesOf(type), rest);
};

/** NaN and the infinities as text, wherever they are. */
const finite = (value: unknown): unknown => {
  if (typeof value === 'number') return doubleShown(value);
  if (Array.isArray(value)) return value.map(finite);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, finite(inner)]));
};
