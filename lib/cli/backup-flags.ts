import { type Command, InvalidArgumentError } from 'commander';
import { StreamError } from '../errors.ts';
import type { Part } from '../operations/backup/index.ts';
import type { Settings } from '../settings.ts';
import { listOf } from './arguments.ts';
import { dataDirFlag } from './help.ts';
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
    .option('--without <PARTS>', `leave out ${PARTS.join(', ')}`, listOf(PARTS));

/** Adds what says which stack is copied, or where a bucket is. */
export const backupPlaceFlags = (command: Command): Command =>
  dataDirFlag(command).option(
    '--remote',
    'the components that KAFKA_BROKERS and the like name, instead of the local stack',
  );

/** Redis and the bucket belong to all topics together: part of the topics comes without them. */
export const partsOf = ({ topics, without = [] }: BackupOptions): readonly Part[] =>
  PARTS.filter((part) => !without.includes(part) && (topics === undefined || part === 'schemas'));

/**
 * Where the components are that are copied, or filled.
 *
 * @throws StreamError USAGE for `--remote` with a stack of this machine, or without what names the others; REFUSED for a
 * stack that is not running
 */
export const componentsOf = async (options: BackupOptions): Promise<Settings> => {
  if (options.remote !== true) return settingsOf(options);
  requireNamed(options);
  const { settingsFrom } = await import('../settings.ts');
  return settingsFrom();
};

/** What has no name would be looked for at the usual ports of this machine, where another stack may be. */
const requireNamed = (options: BackupOptions, env: NodeJS.ProcessEnv = process.env): void => {
  requireOnePlace(options);
  const parts = partsOf(options);
  const needed = [
    'KAFKA_BROKERS',
    ...(parts.includes('schemas') ? ['SCHEMA_REGISTRY_URL'] : []),
    ...(parts.includes('redis') ? ['REDIS_URL'] : []),
    ...(parts.includes('objects') ? ['QR_BUCKET'] : []),
  ];
  const missing = needed.filter((name) => env[name] === undefined);
  if (missing.length === 0) return;
  throw new StreamError('USAGE', `--remote needs ${missing.join(', ')} in the environment.`, {
    next: 'They say where the components are; docs/operations.md has an example',
  });
};

const requireOnePlace = ({ remote, dataDir }: BackupOptions): void => {
  if (remote !== true || dataDir === undefined) return;
  throw new StreamError('USAGE', '--remote and --data-dir say different things: take one.');
};

/**
 * Where S3 is, for a backup that is only read. Reading one in a folder takes no stack.
 *
 * @throws StreamError USAGE for `--remote` with a stack of this machine, REFUSED for a bucket of a stack that is not running
 */
export const storageOf = async (where: string, options: BackupOptions): Promise<Pick<Settings, 'awsEndpoint'>> => {
  requireOnePlace(options);
  if (options.remote === true) return { awsEndpoint: process.env.AWS_ENDPOINT_URL };
  return where.startsWith('s3://') ? settingsOf(options) : { awsEndpoint: undefined };
};
