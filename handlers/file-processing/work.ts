import type { FollowUp } from '../../lib/consumer/effect.ts';
import type { EventPayloads } from '../../lib/events/index.ts';
import type { ContentType } from './content-type.ts';

/** A file that may be worked: where it should be, of a type its purpose takes, not too large. */
export interface FileWork {
  readonly file: EventPayloads['file.uploaded'];
  readonly type: ContentType;
  readonly bytes: number;
}

/** What was made of a file. */
export interface Processed {
  /** MIME type. */
  readonly contentType: string;
  /** Object keys. */
  readonly outputs: readonly string[];
  /** Of an import: its batch and the rows that are in it, and those that are not. */
  readonly import?: { readonly batchId: string; readonly rows: number; readonly rowErrors: number };
  /** What it causes elsewhere. */
  readonly events?: readonly FollowUp[];
}
