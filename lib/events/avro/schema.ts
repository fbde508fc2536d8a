/** Avro's types without names or parts (Avro 1.12 specification, "Primitive Types"). */
export const PRIMITIVES = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'] as const;

export type Primitive = (typeof PRIMITIVES)[number];

/** What people mean by a value, beside how it is encoded; what is unknown is ignored, as the specification wants. */
export interface Logical {
  readonly name: string;
  /** Digits behind the point of a decimal. */
  readonly scale: number;
}

export interface PrimitiveNode {
  readonly kind: Primitive;
  readonly logical?: Logical;
}

interface Named {
  /** With its namespace. */
  readonly name: string;
  /** With their namespaces. */
  readonly aliases: readonly string[];
}

export interface FixedNode extends Named {
  readonly kind: 'fixed';
  readonly size: number;
  readonly logical?: Logical;
}

export interface EnumNode extends Named {
  readonly kind: 'enum';
  readonly symbols: readonly string[];
  /** Stands for a symbol that a reader does not know. */
  readonly fallback: string | undefined;
}

export interface RecordNode extends Named {
  readonly kind: 'record';
  /** Filled once the record's name is known: a field may hold the record itself. */
  readonly fields: FieldNode[];
}

export interface FieldNode {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly type: SchemaNode;
  /** As JSON; undefined of a field without one. */
  readonly fallback: unknown;
}

export interface ArrayNode {
  readonly kind: 'array';
  readonly items: SchemaNode;
}

export interface MapNode {
  readonly kind: 'map';
  readonly values: SchemaNode;
}

export interface UnionNode {
  readonly kind: 'union';
  readonly branches: readonly SchemaNode[];
}

/** A part of a schema with all names followed. */
export type SchemaNode = PrimitiveNode | FixedNode | EnumNode | RecordNode | ArrayNode | MapNode | UnionNode;

/** A node as people call it in a sentence. */
export const nameOf = (node: SchemaNode): string => ('name' in node ? `${node.kind} ${node.name}` : node.kind);
