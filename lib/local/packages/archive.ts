import { createHash } from 'node:crypto';
import { access, constants, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { archiveName } from '../services/java.ts';
import type { NativePlace, NativeService } from '../services/service.ts';
import { train } from './training.ts';

/** What an archive of classes is made from. */
export interface ArchiveSource {
  readonly service: NativeService;
  /** What runs beside it meanwhile. */
  readonly beside: readonly NativeService[];
  /** The package with the service's jars; the archive goes there. */
  readonly folder: string;
  readonly packageFolder: NativePlace['packageFolder'];
  /** What `java -version` says: another Java needs another archive. */
  readonly java: string;
}

const markOf = ({ folder, java }: ArchiveSource): string =>
  createHash('sha256').update(`${java}\0${folder}`).digest('hex').slice(0, 12);

/** Stands for an archive that could not be made. */
const failureName = (mark: string): string => `classes-${mark}.none`;

const archivesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.startsWith('classes-'));

const exists = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  );

/** Whether an archive is to be made: it was not tried with this Java, and the folder may be written to. */
export const lacksArchive = async (source: ArchiveSource): Promise<boolean> => {
  const mark = markOf(source);
  const known = await archivesIn(source.folder);
  if (known.includes(archiveName(mark)) || known.includes(failureName(mark))) return false;
  return exists(access(source.folder, constants.W_OK));
};

/**
 * Makes the archive of a Java service's classes ("JEP 350: Dynamic CDS Archives"): the service is started in a folder of
 * its own and ended as soon as it answers. Starts with the archive take half of the time and of the processor.
 *
 * Nothing depends on it: a failure costs only the gain, and is not repeated with the same Java.
 */
export const makeArchive = async (source: ArchiveSource): Promise<void> => {
  const { service, beside, folder, packageFolder } = source;
  const mark = markOf(source);
  const data = await mkdtemp(join(tmpdir(), `qr-streams-${service.name}-`));
  // Beside its place, so that the last step is a rename.
  const draft = join(folder, `classes-${mark}.${process.pid}.draft`);
  try {
    await train(service, beside, { data, packageFolder }, [`-XX:ArchiveClassesAtExit=${draft}`]);
    const old = await archivesIn(folder);
    if (!(await exists(stat(draft)))) return await writeFile(join(folder, failureName(mark)), '');
    await rename(draft, join(folder, archiveName(mark)));
    await Promise.all(
      old.filter((name) => name !== archiveName(mark)).map((name) => rm(join(folder, name), { force: true })),
    );
  } catch {
    await exists(writeFile(join(folder, failureName(mark)), ''));
  } finally {
    await rm(draft, { force: true });
    await rm(data, { recursive: true, force: true });
  }
};
