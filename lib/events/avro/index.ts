export { parseSchema } from './parse.ts';
export { valueReader } from './resolution.ts';
export type { FixedNode, Logical, PrimitiveNode, SchemaNode } from './schema.ts';
export { Tap, type Whole } from './tap.ts';
export { type Leaves, programValue, type Raw } from './values.ts';
