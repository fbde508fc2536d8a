import { spawn } from 'node:child_process';

/** What a program that has ended said. */
export interface Ended {
  /** Exit code; 127 when there is no such program, 124 when it took too long. */
  readonly code: number;
  /** Standard output and error, as they came. */
  readonly output: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
  /** Called for each line as it comes. */
  readonly onLine?: (line: string) => void;
}

/** Runs a program to its end. It never throws: what went wrong is in the exit code. */
export const run = (
  program: string,
  args: readonly string[],
  { cwd, env, timeoutMs, onLine }: RunOptions = {},
): Promise<Ended> =>
  new Promise((resolve) => {
    const child = spawn(program, [...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(cwd === undefined ? {} : { cwd }),
      ...(env === undefined ? {} : { env }),
    });
    let output = '';
    let line = '';
    let late = false;
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            late = true;
            child.kill('SIGKILL');
          }, timeoutMs);
    const take = (text: string): void => {
      output += text;
      const lines = `${line}${text}`.split(/\r\n|\n|\r/);
      line = lines.pop() ?? '';
      if (onLine !== undefined) for (const each of lines) onLine(each);
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    const end = (code: number): void => {
      clearTimeout(timer);
      if (line !== '') onLine?.(line);
      resolve({ code, output });
    };
    child.once('error', (error: NodeJS.ErrnoException) => {
      output += error.message;
      end(error.code === 'ENOENT' ? 127 : 126);
    });
    child.once('close', (code) => end(late ? 124 : (code ?? 1)));
  });
