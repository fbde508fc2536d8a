import { join } from 'node:path';
import { StreamError } from '../errors.ts';
import type { StackPaths } from './paths.ts';
import type { Service } from './services/index.ts';

const ANEW = './stream-manager.sh stop --wipe, ./stream-manager.sh start, ./stream-manager.sh restore BACKUP --replace';

/**
 * What a person is told of data that a service cannot come up with, and the ways out.
 *
 * @param before said ahead of these
 */
export const damaged = ({ title, native }: Service, folder: string, what: string, before = ''): StreamError => {
  const other = native?.withoutData === undefined ? '' : `; or ${native.withoutData}`;
  return new StreamError('REFUSED', `${title} has damaged data in ${folder}: ${what}.`, {
    next: `${before}Put that folder back from a copy${other}; or begin anew, from a backup: ${ANEW}`,
  });
};

/**
 * Looks at what services have stored before any of them is started: with damaged data some would begin anew, and what was
 * there would be gone without a word.
 *
 * @param services those that do not run
 * @param had names of those that have come up in this folder before
 * @throws StreamError REFUSED
 */
export const requireWhole = async (
  services: readonly Service[],
  paths: StackPaths,
  had: readonly string[],
): Promise<void> => {
  for (const service of services) {
    const folder = join(paths.data, service.name);
    const what = await service.native?.damage?.(folder, had.includes(service.name));
    if (what !== undefined) throw damaged(service, folder, what, 'Nothing was changed. ');
  }
};
