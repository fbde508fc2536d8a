import { chown } from 'node:fs/promises';
import { StreamError } from '../../errors.ts';
import type { NativeCommand } from './service.ts';

/** `nobody`: it owns nothing else. */
const NOBODY = 65_534;

/**
 * Keeps the right to reach folders that belong to root, such as those of `mktemp -d`, and loses every other. The bit lets
 * access(2) know of it too, by which PostgreSQL looks for its programs (capabilities(7)).
 */
const RIGHTS = [
  '--inh-caps=-all,+dac_override',
  '--ambient-caps=-all,+dac_override',
  '--bounding-set=-all,+dac_override',
  '--securebits=+no_setuid_fixup',
] as const;

const isRoot = (): boolean => process.getuid?.() === 0;

/**
 * A command that refuses to be run by root, run by an ordinary user: whoever runs us, or `nobody` when that is root
 * (setpriv(1), of util-linux).
 *
 * @throws StreamError PREREQUISITE_MISSING for root on a system without setpriv
 */
export const byOrdinaryUser = ({ program, args, ...rest }: NativeCommand): NativeCommand => {
  if (!isRoot()) return { program, args, ...rest };
  if (process.platform !== 'linux') {
    throw new StreamError('PREREQUISITE_MISSING', 'PostgreSQL refuses to run as root.', {
      next: 'Start the stack as an ordinary user',
    });
  }
  const user = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', ...RIGHTS];
  return { program: 'setpriv', args: [...user, program, ...args], ...rest };
};

/** Gives a folder to the user of {@link byOrdinaryUser}. */
export const giveToOrdinaryUser = async (folder: string): Promise<void> => {
  if (isRoot()) await chown(folder, NOBODY, NOBODY);
};
