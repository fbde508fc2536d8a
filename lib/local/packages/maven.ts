import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StreamError } from '../../errors.ts';
import { type Ended, run } from '../run.ts';
import type { MavenArtifact, MavenSource } from './package.ts';

/** The plugin that copies and unpacks; pinned, so that a start never looks for a newer one. */
const PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';

const exclusions = (groups: readonly string[]): string =>
  groups.length === 0
    ? ''
    : `<exclusions>${groups.map((group) => `<exclusion><groupId>${group}</groupId><artifactId>*</artifactId></exclusion>`).join('')}</exclusions>`;

const dependency = (
  { groupId, artifactId, version, type = 'jar', classifier, without = [] }: MavenArtifact,
  goal: MavenSource['goal'],
): string =>
  [
    '<dependency>',
    `<groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId><version>${version}</version><type>${type}</type>`,
    classifier === undefined ? '' : `<classifier>${classifier}</classifier>`,
    // What is unpacked brings along what it needs; what it would depend on as a library is not even looked for.
    exclusions(goal === 'unpack' ? ['*'] : without),
    '</dependency>',
  ].join('');

/** A project that has the artifacts as dependencies. */
const pom = ({ artifacts, goal }: MavenSource): string =>
  [
    '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>',
    '<groupId>io.qrsaas</groupId><artifactId>local-packages</artifactId><version>1</version><packaging>pom</packaging>',
    `<dependencies>${artifacts.map((artifact) => dependency(artifact, goal)).join('')}</dependencies></project>`,
  ].join('\n');

const UNITS: Readonly<Record<string, number>> = { B: 1e-6, kB: 1e-3, KB: 1e-3, MB: 1, GB: 1e3 };

/** The one line of Maven's output that says why it failed. */
export const mavenReason = ({ code, output }: Ended): string =>
  /^\[ERROR\] (.+)$/m.exec(output)?.[1] ?? `it ended with ${code}`;

/** Megabytes of a download that a line of Maven's tells of; 0 for any other line. */
export const downloadedMegabytes = (line: string): number => {
  const [, amount, unit] = /^(?:\[INFO\] )?Downloaded from .* \(([\d.]+) ([kKMG]?B)/.exec(line) ?? [];
  return amount === undefined || unit === undefined ? 0 : Number(amount) * (UNITS[unit] ?? 0);
};

/**
 * Puts the artifacts into a folder.
 *
 * @param onMegabytes called with the megabytes of each file that was downloaded
 * @throws StreamError SERVICE_FAILED with Maven's own reason
 */
export const fetchMaven = async (
  source: MavenSource,
  folder: string,
  onMegabytes: (megabytes: number) => void,
): Promise<void> => {
  const file = join(folder, 'pom.xml');
  await writeFile(file, pom(source));
  const into = join(folder, source.folder ?? '.');
  const goal =
    source.goal === 'copy'
      ? [`${PLUGIN}:copy-dependencies`, '-DincludeScope=runtime']
      : [`${PLUGIN}:unpack-dependencies`];
  const includes = source.includes === undefined ? [] : [`-Dmdep.unpack.includes=${source.includes}`];
  const { code, output } = await run(
    'mvn',
    ['--batch-mode', '--file', file, ...goal, ...includes, `-DoutputDirectory=${into}`],
    { onLine: (line) => onMegabytes(downloadedMegabytes(line)) },
  );
  if (code === 0) return;
  throw new StreamError(
    'SERVICE_FAILED',
    `Maven could not fetch ${source.artifacts.map(({ artifactId }) => artifactId).join(', ')}: ${mavenReason({ code, output })}`,
    {
      next: 'Check the network and Maven’s settings, then start again',
    },
  );
};
