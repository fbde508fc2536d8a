import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { messageOf, StreamError } from '../errors.ts';
import { diskText, fullDisk, MAKE_ROOM, saysNoSpace, sentence } from '../local/disk.ts';
import { folderOfCall, wordsOfCall } from './call.ts';

/** An error and those behind it. */
const chainOf = (error: unknown): readonly unknown[] =>
  error instanceof Error && error.cause !== undefined ? [error, ...chainOf(error.cause)] : [error];

/** The file that a call of the file system was about. */
const pathOf = (error: unknown): string | undefined =>
  error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : undefined;

/** Folders whose disk may be the full one: of the file that could not be written, of the stack, of what was typed. */
const candidates = (chain: readonly unknown[]): readonly string[] => {
  const folder = folderOfCall();
  const typed = wordsOfCall()
    .map((word) => resolve(word))
    .flatMap((path) => [path, dirname(path)])
    .filter(existsSync);
  return [...chain.flatMap((error) => pathOf(error) ?? []), ...(folder === undefined ? [] : [folder]), ...typed];
};

/**
 * What a full disk has to do with an error: it says that there was no room, or something of the stack does not answer whose
 * disk is full.
 *
 * @returns the error to be told in its place; undefined where no disk is full
 */
export const diskFailure = (error: unknown): StreamError | undefined => {
  const chain = chainOf(error);
  const isSaid = chain.some((each) => saysNoSpace(messageOf(each)));
  const isSilent = error instanceof StreamError && error.failureClass === 'transient' && error.code !== 'DISK_FULL';
  if (!isSaid && !isSilent) return undefined;
  const folder = folderOfCall();
  const looked = isSaid ? candidates(chain) : folder === undefined ? [] : [folder, `${folder}/data/kafka`];
  const full = looked.map(fullDisk).find((space) => space !== undefined);
  if (full !== undefined) {
    const why = isSaid ? '' : `${messageOf(error).trim()} `;
    const next = isSaid ? 'Free some space there, then run it again' : MAKE_ROOM;
    return new StreamError('DISK_FULL', `${why}${sentence(diskText(full))}`, { next, cause: error });
  }
  if (!isSaid || error instanceof StreamError) return undefined;
  return new StreamError('DISK_FULL', `There was no room on the disk: ${messageOf(error)}.`, {
    next: 'There is some now: run it again, and keep more free',
    cause: error,
  });
};
