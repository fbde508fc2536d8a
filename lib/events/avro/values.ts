import type { FixedNode, PrimitiveNode } from './schema.ts';
import type { Whole } from './tap.ts';

/** A value without parts, as its bytes say. */
export type Raw = null | boolean | Whole | Buffer | string;

/**
 * What values without parts become; records and maps become objects, arrays lists, and of a union its value.
 *
 * @param node what the reader takes it for
 * @throws Error for a value that cannot be told
 */
export type Leaves = (node: PrimitiveNode | FixedNode, raw: Raw) => unknown;

/** For programs: as TypeScript has them. A long that no `number` holds is refused, rather than changed. */
export const programValue: Leaves = (_node, raw) => {
  if (typeof raw === 'bigint') throw new Error(`${raw} is beyond 2^53, which no number here holds without loss`);
  return raw;
};

/** For what is read only to get past it. */
export const discarded: Leaves = () => undefined;
