import { StreamError } from '../../errors.ts';
import { run } from '../run.ts';

/** A program the native engine cannot do without. */
interface Prerequisite {
  readonly program: string;
  readonly args: readonly string[];
  /** Whether what it says is good enough. */
  readonly accepts?: (output: string) => boolean;
  readonly install: string;
}

const OLDEST_JAVA = 17;

const JAVA: Prerequisite = {
  program: 'java',
  args: ['-version'],
  accepts: (output) => Number(/version "(\d+)/.exec(output)?.[1] ?? 0) >= OLDEST_JAVA,
  install: `Install Java ${OLDEST_JAVA} or newer (Debian: apt install openjdk-17-jre-headless; macOS: brew install openjdk)`,
};

const MAVEN: Prerequisite = {
  program: 'mvn',
  args: ['--version'],
  install: 'Install Maven (Debian: apt install maven; macOS: brew install maven)',
};

/** Compiles what we have written in Java ourselves. */
const COMPILER: Prerequisite = {
  program: 'javac',
  args: ['-version'],
  accepts: (output) => Number(/javac (\d+)/.exec(output)?.[1] ?? 0) >= OLDEST_JAVA,
  install: `Install a JDK, ${OLDEST_JAVA} or newer (Debian: apt install openjdk-17-jdk-headless; macOS: brew install openjdk)`,
};

/** What the AWS emulator wants ("Requires-Python" of its package). */
const OLDEST_PYTHON = [3, 10] as const;

const PYTHON: Prerequisite = {
  program: 'python3',
  args: ['-c', `import sys, venv, ensurepip; sys.exit(sys.version_info < (${OLDEST_PYTHON.join(', ')}))`],
  install: `Install Python ${OLDEST_PYTHON.join('.')} or newer with venv (Debian: apt install python3-venv; macOS: brew install python)`,
};

const NPM: Prerequisite = {
  program: 'npm',
  args: ['--version'],
  install: 'Install npm, which comes with Node (Debian: apt install npm)',
};

/** What a start needs, and what fetching needs beside it. */
export const PREREQUISITES = {
  start: [JAVA],
  maven: [MAVEN],
  pip: [PYTHON],
  npm: [NPM],
  'npm-tree': [NPM],
  project: [MAVEN, COMPILER],
} as const;

/**
 * @returns what each program said of itself
 * @throws StreamError PREREQUISITE_MISSING: one sentence for all that is missing, and what to install
 */
export const requirePrograms = async (programs: readonly Prerequisite[]): Promise<ReadonlyMap<string, string>> => {
  const said = new Map<string, string>();
  await Promise.all(
    programs.map(async ({ program, args, accepts }) => {
      const { code, output } = await run(program, args);
      if (code === 0 && (accepts === undefined || accepts(output))) said.set(program, output);
    }),
  );
  const missing = programs.filter(({ program }) => !said.has(program));
  if (missing.length === 0) return said;
  const names = missing.map(({ program }) => program).join(', ');
  throw new StreamError('PREREQUISITE_MISSING', `The native stack needs what is not here or too old: ${names}.`, {
    next: `${missing.map(({ install }) => install).join('. ')}. Or start Docker: then none of these is needed.`,
  });
};
