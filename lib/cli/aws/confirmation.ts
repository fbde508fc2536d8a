import type { EnvironmentName } from '../../catalog/index.ts';
import { StreamError } from '../../errors.ts';
import { ask } from '../terminal.ts';

/** Has a person type the environment's name; returns when it was typed. */
export type Confirmation = (question: string) => Promise<void>;

/**
 * How an environment is confirmed: by `--yes-really NAME`, or else on the terminal.
 *
 * @param said what `--yes-really` was given
 * @throws StreamError REFUSED at once where there is neither, before anything is asked of AWS
 */
export const confirmationOf = (
  environment: EnvironmentName,
  isAsked: boolean,
  said: string | undefined,
): Confirmation => {
  if (said !== undefined && said !== environment) {
    throw new StreamError('REFUSED', `--yes-really says ${said}, but this is about ${environment}.`);
  }
  if (!isAsked || said === environment) return async () => undefined;
  const without = {
    message: `${environment} is not touched without somebody who types its name.`,
    next: `Without a terminal say --yes-really ${environment}`,
  };
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) {
    throw new StreamError('REFUSED', without.message, { next: without.next });
  }
  return async (question) => {
    const typed = await ask(question, without);
    if (typed !== environment) throw new StreamError('REFUSED', 'Nothing was done.');
  };
};
