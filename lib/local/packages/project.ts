import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { StreamError } from '../../errors.ts';
import { run } from '../run.ts';
import { downloadedMegabytes, mavenReason } from './maven.ts';
import type { ProjectSource } from './package.ts';

/** The goals by name, in the place of a phase: a phase would fetch what runs tests as well. */
const GOALS = ['resources:resources', 'compiler:compile', 'jar:jar', 'dependency:copy-dependencies'];

/**
 * Builds a Maven project of ours into a folder; nothing is written to the project itself.
 *
 * @param onMegabytes called with the megabytes of each file that was downloaded
 * @throws StreamError SERVICE_FAILED with Maven's own reason
 */
export const buildProject = async (
  { project, folder }: ProjectSource,
  into: string,
  onMegabytes: (megabytes: number) => void,
): Promise<void> => {
  const build = join(into, 'build');
  const { code, output } = await run(
    'mvn',
    [
      '--batch-mode',
      '--file',
      join(project, 'pom.xml'),
      ...GOALS,
      `-Dqr.build=${build}`,
      `-Dqr.plugin=${join(into, folder)}`,
    ],
    { onLine: (line) => onMegabytes(downloadedMegabytes(line)) },
  );
  if (code !== 0) {
    throw new StreamError(
      'SERVICE_FAILED',
      `Maven could not build ${basename(project)}: ${mavenReason({ code, output })}`,
      {
        next: `Check the network and Maven’s settings, or see more: mvn --file ${join(project, 'pom.xml')} verify`,
      },
    );
  }
  await rm(build, { recursive: true, force: true });
};
