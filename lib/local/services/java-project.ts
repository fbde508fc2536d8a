import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../functions/root.ts';
import { contentVersion } from './content-version.ts';

/** A Maven project of ours that the native engine builds. */
export interface JavaProject {
  /** Folder of its pom.xml. */
  readonly project: string;
  /** Names its sources: another content is another build. */
  readonly version: string;
}

/** What a build is made from, beside src/main; tests, and what an earlier build has left, are not. */
const FILES = ['pom.xml', 'Dockerfile'];

const sourcesOf = (project: string): string[] => {
  const main = readdirSync(join(project, 'src', 'main'), { recursive: true, withFileTypes: true });
  const files = main.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return [...FILES.map((name) => join(project, name)).filter(existsSync), ...files];
};

const javaProject = (...folder: readonly string[]): JavaProject => {
  const project = join(PROJECT_ROOT, ...folder);
  return { project, version: contentVersion(project, sourcesOf(project)) };
};

/** Our own plugin for Kafka Connect. */
export const CONNECT_PLUGIN = javaProject('connect', 'plugin');

/** OpenSearch with a main class. */
export const SEARCH_SERVER = javaProject('lib', 'local', 'search-server');
