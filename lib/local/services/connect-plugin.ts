import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { PROJECT_ROOT } from '../../functions/root.ts';

/** The project of our own plugin for Kafka Connect, built by Maven. */
export const PLUGIN_PROJECT = join(PROJECT_ROOT, 'connect', 'plugin');

/** The folder it is in among a worker's plugins. */
export const PLUGIN_NAME = 'qr-connect';

/** What a build is made from, beside src/main; tests, and what an earlier build has left, are not. */
const FILES = ['pom.xml', 'Dockerfile'];

const sources = (): string[] => {
  const main = readdirSync(join(PLUGIN_PROJECT, 'src', 'main'), { recursive: true, withFileTypes: true });
  const files = main.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return [...FILES.map((name) => join(PLUGIN_PROJECT, name)), ...files].sort();
};

const digest = (): string => {
  const hash = createHash('sha256');
  for (const file of sources()) hash.update(`${relative(PLUGIN_PROJECT, file)}\0`).update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
};

/** Names the plugin's sources: another content is another plugin, and is built again. */
export const PLUGIN_VERSION = digest();
