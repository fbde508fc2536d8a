import { type Command, InvalidArgumentError } from 'commander';
import type { Part } from '../operations/backup/index.ts';
import type { Settings } from '../settings.ts';
import { listOf } from './arguments.ts';
import { type StackChoice, settingsOf } from './stack.ts';

/** Parts of a backup, beside records and groups; the same as PARTS in lib/operations/backup, which loads more than a flag needs. */
const PARTS = ['schemas', 'redis', 'objects'] as const satisfies readonly Part[];

export interface BackupOptions extends StackChoice {
  readonly topics?: readonly string[];
  readonly without?: readonly Part[];
  readonly remote?: boolean;
  readonly json?: boolean;
}

const names = (text: string): string[] => {
  const found = text.split(',').map((name) => name.trim());
  if (found.includes('')) throw new InvalidArgumentError('It must be names with commas between.');
  return [...new Set(found)];
};

/** Adds what `backup create` and `restore` share. */
export const partFlags = (command: Command): Command =>
  command
    .option('--topics <NAMES>', 'only these topics, with commas between; then neither Redis nor objects', names)
    .option('--without <PARTS>', `leave out ${PARTS.join(', ')}`, listOf(PARTS))
    .option('--remote', 'the components that KAFKA_BROKERS and the like name, instead of the local stack');

/** Redis and the bucket belong to all topics together: part of the topics comes without them. */
export const partsOf = ({ topics, without = [] }: BackupOptions): readonly Part[] =>
  PARTS.filter((part) => !without.includes(part) && (topics === undefined || part === 'schemas'));

export const componentsOf = async (options: BackupOptions): Promise<Settings> => {
  if (options.remote !== true) return settingsOf(options);
  const { settingsFrom } = await import('../settings.ts');
  return settingsFrom();
};
