import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A service that is alone on a laptop starts sooner so, and needs no more. */
export const QUICK_START = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'] as const;

/**
 * Java takes names of files for text, by the locale it is started in; in the locale C it cannot even find its working
 * directory, when that has a letter beyond ASCII in its name. Systems that do not know this one have none that matters.
 */
export const JAVA_LOCALE: Readonly<Record<string, string>> = process.platform === 'linux' ? { LC_ALL: 'C.UTF-8' } : {};

/** Name of an archive of classes; lib/local/packages makes them, with a mark of what they fit. */
export const archiveName = (mark: string): string => `classes-${mark}.jsa`;

const ARCHIVE = /^classes-[0-9a-f]+\.jsa$/;

/**
 * Flags of every Java service: {@link QUICK_START}, and the archive of its classes where there is one. Java ignores an
 * archive that does not fit.
 *
 * @param folder the package with the service's jars
 */
export const javaFlags = async (folder: string): Promise<string[]> => {
  const archive = (await readdir(folder)).find((name) => ARCHIVE.test(name));
  return [...QUICK_START, ...(archive === undefined ? [] : [`-XX:SharedArchiveFile=${join(folder, archive)}`])];
};
