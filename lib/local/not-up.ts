import { StreamError } from '../errors.ts';
import { damaged } from './damage.ts';
import { diskText, fullDisk, MAKE_ROOM } from './disk.ts';
import type { Files } from './files.ts';
import { lastWords } from './last-words.ts';
import type { Service } from './services/index.ts';

/**
 * Why something did not come up: its disk is full, its data are damaged by its own last words, or what was seen of it.
 *
 * @param title what people call it
 * @param fault what was seen
 * @param of its name, where its files are, and the service it is unless it is the functions host or the console
 */
export const notUp = async (
  title: string,
  fault: string,
  { name, files, service }: { readonly name: string; readonly files: Files; readonly service?: Service },
): Promise<StreamError> => {
  const [folder, log] = [files.folderOf(name), files.logOf(name)];
  const full = folder === undefined ? undefined : fullDisk(folder);
  if (full !== undefined) {
    return new StreamError('DISK_FULL', `${title} did not come up: ${diskText(full)}.`, { next: MAKE_ROOM });
  }
  const said = log === undefined ? '' : await lastWords(log);
  const [, what] = service?.native?.lastWords?.find(([pattern]) => pattern.test(said)) ?? [];
  if (service !== undefined && folder !== undefined && what !== undefined) return damaged(service, folder, what);
  return new StreamError('SERVICE_FAILED', `${title} did not come up: ${fault}.`, {
    next: `Its log tells why: ./stream-manager.sh logs ${name}`,
  });
};
