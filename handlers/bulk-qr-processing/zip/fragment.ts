import { crc32, deflateRawSync } from 'node:zlib';
import type { Rejected } from '../../../lib/batches/item.ts';
import { PermanentError } from '../../../lib/errors.ts';
import { centralHeader, DEFLATED, type DosTime, localHeader, STORED } from './records.ts';

const MAGIC = 'QRF1';
const FOOTER_BYTES = 32;

/** A piece of a zip: what a chunk of a batch becomes, and one of which the zip is put together. */
export interface Fragment {
  /** Local headers and the bytes of the entries. */
  readonly body: Buffer;
  /** Central headers, with offsets from the start of `body`. */
  readonly directory: Buffer;
  readonly entries: number;
  /** Rows of manifest.csv. */
  readonly manifest: Buffer;
  /** Items with an image. */
  readonly succeeded: number;
  readonly errors: readonly Rejected[];
}

/** Collects the entries of one fragment. */
export class FragmentWriter {
  private readonly body: Buffer[] = [];
  private readonly directory: Buffer[] = [];
  private length = 0;
  private readonly at: DosTime;

  /** @param at the time every entry carries, so that the same items make the same bytes */
  constructor(at: DosTime) {
    this.at = at;
  }

  /** @param compress whether deflating pays: it does not for PNG */
  add(name: string, bytes: Buffer, compress: boolean): void {
    const packed = compress ? deflateRawSync(bytes, { level: 6 }) : bytes;
    const entry = {
      name: Buffer.from(name),
      crc: crc32(bytes),
      size: bytes.length,
      packedSize: packed.length,
      method: compress ? DEFLATED : STORED,
    } as const;
    const header = localHeader(entry, this.at);
    this.body.push(header, packed);
    this.directory.push(centralHeader({ ...entry, offset: this.length }, this.at));
    this.length += header.length + packed.length;
  }

  finish(rest: Pick<Fragment, 'manifest' | 'succeeded' | 'errors'>): Fragment {
    return {
      body: Buffer.concat(this.body),
      directory: Buffer.concat(this.directory),
      entries: this.directory.length,
      ...rest,
    };
  }
}

/** The fragment as one object: body, directory, manifest rows, errors as JSON, and a footer with their lengths. */
export const serialise = (fragment: Fragment): Buffer => {
  const errors = Buffer.from(JSON.stringify(fragment.errors));
  const footer = Buffer.alloc(FOOTER_BYTES);
  [
    fragment.body.length,
    fragment.directory.length,
    fragment.entries,
    fragment.manifest.length,
    errors.length,
    fragment.succeeded,
    fragment.errors.length,
  ].forEach((value, i) => {
    footer.writeUInt32LE(value, i * 4);
  });
  footer.write(MAGIC, 28, 'latin1');
  return Buffer.concat([fragment.body, fragment.directory, fragment.manifest, errors, footer]);
};

/** @throws PermanentError BATCH_INVALID when the bytes are no whole fragment */
export const deserialise = (bytes: Buffer): Fragment => {
  const start = bytes.length - FOOTER_BYTES;
  const field = (i: number): number => bytes.readUInt32LE(start + i * 4);
  if (
    start < 0 ||
    bytes.toString('latin1', start + 28) !== MAGIC ||
    field(0) + field(1) + field(3) + field(4) !== start
  ) {
    throw new PermanentError('BATCH_INVALID', 'A chunk of the batch is not what this project writes');
  }
  const manifestAt = field(0) + field(1);
  const errorsAt = manifestAt + field(3);
  return {
    body: bytes.subarray(0, field(0)),
    directory: bytes.subarray(field(0), manifestAt),
    entries: field(2),
    manifest: bytes.subarray(manifestAt, errorsAt),
    succeeded: field(5),
    errors: JSON.parse(bytes.toString('utf8', errorsAt, start)),
  };
};

/** Counts of a fragment from its last {@link FOOTER_BYTES} bytes alone. */
export const countsIn = (footer: Buffer): { succeeded: number; failed: number } | undefined =>
  footer.length === FOOTER_BYTES && footer.toString('latin1', 28) === MAGIC
    ? { succeeded: footer.readUInt32LE(20), failed: footer.readUInt32LE(24) }
    : undefined;

export { FOOTER_BYTES };
