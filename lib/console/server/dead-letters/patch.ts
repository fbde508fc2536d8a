import { type ErrorCode, StreamError } from '../../../errors.ts';
import { type LetterStores, type Patched, patchedRecord, requireKept } from '../../../operations/dead-letters/index.ts';
import type { Kept, Letter } from '../../../stores/dead-letters/index.ts';
import { InputError } from '../failure.ts';

/** A letter's record with a new payload, and what it is kept with. */
export interface Patch {
  readonly kept: Kept;
  readonly patched: Patched;
  readonly stamp: { readonly at: string; readonly by: string };
}

/** What is wrong with the payload itself. */
const OF_THE_PAYLOAD: readonly ErrorCode[] = ['UNDECODABLE', 'INVALID_EVENT', 'UNKNOWN_EVENT_TYPE'];

/**
 * @param json the new payload, or the whole event
 * @throws InputError of the field `json` when it does not fit the schema; StreamError REFUSED when nothing can be patched
 */
export const patchOf = async (
  letter: Letter,
  json: string,
  by: string,
  stores: Pick<LetterStores, 'objects' | 'publisher'>,
): Promise<Patch> => {
  const kept = await requireKept(letter, stores);
  const stamp = { at: new Date().toISOString(), by };
  const patched = await patchedRecord(letter, kept.original, json, stamp, stores.publisher.codec).catch(atField);
  return { kept, patched, stamp };
};

const atField = (error: unknown): never => {
  if (!(error instanceof StreamError) || !OF_THE_PAYLOAD.includes(error.code)) throw error;
  throw new InputError('json', error.message, { code: error.code, ...(error.next && { next: error.next }) });
};
