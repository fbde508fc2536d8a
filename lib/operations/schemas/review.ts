import { isDeepStrictEqual } from 'node:util';
import { PermanentError, type StreamError } from '../../errors.ts';
import type { SchemaId, SchemaRegistry } from '../../events/index.ts';
import { foundSideBySide } from '../../side-by-side.ts';
import { checkAgainst, type Earlier, type Finding } from './check.ts';
import { releasedSchema, type SchemaFile, type SchemaFolder } from './files.ts';
import { avroVersion, readVersion, summaryOf } from './registered.ts';

/**
 * What a file is to its subject: `new` the first version, `known` registered as it stands, `changed` a further version,
 * `breaks` one that must not be.
 */
export type Standing = 'new' | 'known' | 'changed' | 'breaks';

/** A schema file beside what is registered and released. */
export interface Review {
  readonly subject: string;
  readonly path: string;
  readonly standing: Standing;
  readonly compatibility: string;
  /** The version the file is registered as; null when it is not. */
  readonly version: number | null;
  readonly findings: readonly Finding[];
}

const standingOf = (version: number | null, earlier: number, findings: readonly Finding[]): Standing => {
  if (findings.some(({ isBreaking }) => isBreaking)) return 'breaks';
  if (version !== null) return 'known';
  return earlier === 0 ? 'new' : 'changed';
};

/** Compares a file with every version of its subject and with the released schema. */
export const reviewFile = async (registry: SchemaRegistry, file: SchemaFile, folder: SchemaFolder): Promise<Review> => {
  const { subject, path, type } = file;
  const [found, released] = await Promise.all([summaryOf(registry, subject), releasedSchema(folder, subject)]);
  const registered = await Promise.all(
    found.versions.map(async ({ version }) => ({
      ...avroVersion(await readVersion(registry, found, version), found),
      name: `version ${version}`,
    })),
  );
  const same = registered.find(({ text }) => isDeepStrictEqual(JSON.parse(text), JSON.parse(file.text)));
  const earlier: readonly Earlier[] = [
    ...registered.filter((each) => each !== same),
    ...(released === undefined ? [] : [{ name: 'the released schema', type: released }]),
  ];
  const fresh = { name: same === undefined ? 'this schema' : `version ${same.version}`, type };
  const findings = checkAgainst(fresh, earlier, found.compatibility);
  const version = same?.version ?? null;
  return {
    subject,
    path,
    standing: standingOf(version, registered.length, findings),
    compatibility: found.compatibility,
    version,
    findings,
  };
};

const AT_ONCE = 8;

export const reviewFiles = (
  registry: SchemaRegistry,
  files: readonly SchemaFile[],
  folder: SchemaFolder,
): Promise<readonly Review[]> => foundSideBySide(files, AT_ONCE, (file) => reviewFile(registry, file, folder));

/** A file that is registered now. */
export interface RegisteredFile {
  readonly subject: string;
  readonly id: SchemaId;
}

/**
 * Registers files; one that is known keeps its id, so that doing it again is harmless.
 *
 * @returns what was registered, and what the registry refused although we saw no reason
 * @throws TransientError REGISTRY_UNAVAILABLE
 */
export const registerFiles = async (
  registry: SchemaRegistry,
  files: readonly SchemaFile[],
): Promise<{ readonly registered: readonly RegisteredFile[]; readonly refused: readonly StreamError[] }> => {
  await registry.requireBackward();
  const refused: StreamError[] = [];
  const registered = await foundSideBySide(files, AT_ONCE, async ({ subject, text }): Promise<RegisteredFile[]> => {
    try {
      return [{ subject, id: await registry.register(subject, text) }];
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error;
      refused.push(error);
      return [];
    }
  });
  return { registered: registered.flat(), refused };
};
