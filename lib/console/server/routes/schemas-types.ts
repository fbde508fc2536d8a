import type { FieldChange } from '../../../operations/schemas/changes.ts';
import type { SchemaField } from '../../../operations/schemas/fields.ts';
import type { SubjectSummary } from '../../../operations/schemas/registered.ts';
import type { Review } from '../../../operations/schemas/review.ts';

/** A subject with one of its versions. */
export interface ShownSchema extends SubjectSummary {
  readonly version: number;
  readonly id: number | string;
  /** Avro, JSON or Protobuf. */
  readonly kind: string;
  /** None of a schema that is not Avro's. */
  readonly fields: readonly SchemaField[];
  /** JSON; of Protobuf its text. */
  readonly schema: unknown;
}

/** In what two versions of a subject differ. */
export interface SchemaDiff {
  readonly from: number;
  readonly to: number;
  readonly changes: readonly FieldChange[];
}

/** What became of a pasted schema that was held against its subject. */
export type CheckedSchema = Pick<Review, 'standing' | 'version' | 'compatibility' | 'findings'>;
