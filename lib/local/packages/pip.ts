import { join } from 'node:path';
import { StreamError } from '../../errors.ts';
import { run } from '../run.ts';
import type { PipSource } from './package.ts';

/** Megabytes of a download that a line of pip's tells of; 0 for any other line. */
export const pipMegabytes = (line: string): number => {
  const [, amount, unit] = /^\s*Downloading .* \(([\d.]+) ([kM]?B)\)/.exec(line) ?? [];
  if (amount === undefined) return 0;
  return Number(amount) * (unit === 'MB' ? 1 : unit === 'kB' ? 1e-3 : 1e-6);
};

/** The Python of a virtual environment. */
export const pythonOf = (folder: string): string => join(folder, 'bin', 'python');

/**
 * Makes a virtual environment with the packages in a folder. It can be moved as long as it is used through its Python only:
 * that finds its packages from where it lies; the scripts beside it hold the old path.
 *
 * @throws StreamError SERVICE_FAILED with pip's own reason
 */
export const fetchPip = async (
  { requirements }: PipSource,
  folder: string,
  onMegabytes: (megabytes: number) => void,
): Promise<void> => {
  const made = await run('python3', ['-m', 'venv', folder]);
  if (made.code !== 0) throw failure('make a virtual environment', made.output);
  const args = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--progress-bar', 'off'];
  const installed = await run(pythonOf(folder), [...args, ...requirements], {
    onLine: (line) => onMegabytes(pipMegabytes(line)),
  });
  if (installed.code !== 0) throw failure(`install ${requirements.join(', ')}`, installed.output);
};

const failure = (what: string, output: string): StreamError => {
  const reason = /^ERROR: (.+)$/m.exec(output)?.[1] ?? output.trim().split('\n').at(-1) ?? '';
  return new StreamError('SERVICE_FAILED', `Python could not ${what}: ${reason}`, {
    next: 'Check the network and pip’s settings, then start again',
  });
};
