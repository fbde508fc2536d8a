import type { SchemaId } from '../../events/framing.ts';
import type { ReadableRecord } from '../records.ts';

/** A record with what people ask about it besides its content. */
export interface BrowsedRecord extends ReadableRecord {
  /** Bytes of key and value. */
  readonly bytes: number;
  /** Of a value whose schema the registry has. */
  readonly schemaId: SchemaId | null;
}

export interface BrowsedPage {
  readonly records: readonly BrowsedRecord[];
  /** Goes on behind this page; null at the end. */
  readonly cursor: string | null;
  /** Records that were looked at for this page, those that are left, and all there are. */
  readonly looked: number;
  readonly left: number;
  readonly total: number;
}
