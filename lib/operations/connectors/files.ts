import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { messageOf, StreamError } from '../../errors.ts';
import { suggestion } from '../nearest.ts';
import type { ConnectorConfig } from './worker.ts';

/** Where the configurations lie: `<name>.json` each, as Connect takes them. */
export const CONFIGURATIONS = join(import.meta.dirname, '..', '..', '..', 'connect');

/** A configuration as it lies in the project. */
export interface ConnectorFile {
  readonly name: string;
  readonly config: ConnectorConfig;
}

/**
 * The configurations of a folder, by name.
 *
 * @param names only these
 * @throws StreamError NOT_FOUND for a name there is no file of, USAGE for a file that is no configuration
 */
export const connectorFiles = async (
  names: readonly string[] = [],
  folder: string = CONFIGURATIONS,
): Promise<ConnectorFile[]> => {
  const found = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
  const known = found.map((file) => basename(file, '.json'));
  for (const name of names) {
    if (known.includes(name)) continue;
    throw new StreamError('NOT_FOUND', `There is no file connect/${name}.json.`, {
      next: suggestion(name, known) ?? `There are: ${known.join(', ')}`,
    });
  }
  const wanted = known.filter((name) => names.length === 0 || names.includes(name));
  return Promise.all(
    wanted.map(async (name) => ({
      name,
      config: configIn(name, await readFile(join(folder, `${name}.json`), 'utf8')),
    })),
  );
};

const configIn = (name: string, text: string): ConnectorConfig => {
  const refuse = (why: string): never => {
    throw new StreamError('USAGE', `connect/${name}.json is no configuration: ${why}.`);
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return refuse(messageOf(error));
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return refuse('it must be a JSON object');
  const config = Object.fromEntries(
    Object.entries(parsed).map(([field, value]) => [
      field,
      typeof value === 'string' ? value : refuse(`${field} must be text in quotes`),
    ]),
  );
  return config['connector.class'] === undefined ? refuse('connector.class is missing') : config;
};
