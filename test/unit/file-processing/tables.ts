import type { Row } from '../../../handlers/file-processing/imports/row.ts';
import type { ObjectStore } from '../../../lib/stores/objects.ts';

/** Bytes as they come from a store: in pieces of `size`. */
export async function* inPieces(bytes: Buffer, size = bytes.length): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

export const listed = async (rows: AsyncIterable<Row>): Promise<Row[]> => {
  const all: Row[] = [];
  for await (const row of rows) all.push(row);
  return all;
};

/** As much of a store as reading ranges of one object needs. */
export const storeOf = (bytes: Buffer): ObjectStore => {
  const unused = () => Promise.reject(new Error('not part of this test'));
  return {
    get: unused,
    getRange: async (_key, offset, length) => bytes.subarray(offset, offset + length),
    getStream: unused,
    put: unused,
    putNew: unused,
    getTagged: unused,
    replace: unused,
    head: unused,
    delete: unused,
    list: unused,
    page: unused,
    upload: unused,
    close: () => undefined,
  };
};
