import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What a command that has ended said. */
export interface Said {
  /** Exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A command under way. */
export interface Running {
  readonly child: ChildProcess;
  /** What it has said so far. */
  readonly said: () => { readonly out: string; readonly err: string };
  readonly ended: Promise<Said>;
}

export interface CallOptions {
  /** Added to the environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What it reads on standard input; nothing and no terminal unless given. */
  readonly input?: 'pipe';
}

/** Starts a program in the project folder, as a user's shell would: npm's variables of this test run are not handed on. */
export const begin = (program: string, words: readonly string[], { env = {}, input }: CallOptions = {}): Running => {
  const outer = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|VITEST|NODE_)/.test(name)));
  const child = spawn(program, [...words], {
    cwd: ROOT,
    env: { ...outer, ...env },
    stdio: [input ?? 'ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const ended = new Promise<Said>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, err }));
  });
  return { child, said: () => ({ out, err }), ended };
};

/** The command line of one stack. */
export interface Cli {
  /** `./stream-manager.sh WORDS` to its end. */
  run(...words: readonly string[]): Promise<Said>;
  /** The same, asking for JSON on standard output and exit code 0; fails with what it said otherwise. */
  json<Value>(...words: readonly string[]): Promise<Value>;
  begin(...words: readonly string[]): Running;
  /** `npm run WORDS` to its end. */
  npm(...words: readonly string[]): Promise<Said>;
  /** The same with a terminal, where `answers` are typed as soon as their question is read. */
  typed(words: readonly string[], answers: Readonly<Record<string, string>>): Promise<Said>;
  /** `bash -c LINE` in the project folder. */
  shell(line: string): Promise<Said>;
}

// The terminal: what is written to standard input is typed, what the command prints comes out of standard output.
const PTY = 'import os,pty,sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))';

/** @param env what says which stack is meant, e.g. `QR_DATA_DIR` */
export const cliWith = (env: Readonly<Record<string, string | undefined>>): Cli => {
  const start = (...words: readonly string[]): Running => begin('./stream-manager.sh', words, { env });
  const run = (...words: readonly string[]): Promise<Said> => start(...words).ended;
  return {
    run,
    begin: start,
    json: async (...words) => {
      const { code, out, err } = await run(...words, '--json');
      if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}: ${err}${out}`);
      return JSON.parse(out);
    },
    // A user's .npmrc is not part of the test: with `yes=true` in it, npm does not tell whether --yes was typed.
    npm: (...words) => begin('npm', ['run', ...words], { env: { ...env, npm_config_userconfig: '/dev/null' } }).ended,
    typed: async (words, answers) => {
      const running = begin('python3', ['-c', PTY, './stream-manager.sh', ...words], { env, input: 'pipe' });
      const open = new Map(Object.entries(answers));
      running.child.stdout?.on('data', () => {
        for (const [question, answer] of open) {
          if (!running.said().out.includes(question)) continue;
          open.delete(question);
          running.child.stdin?.write(`${answer}\n`);
        }
      });
      return running.ended;
    },
    shell: (line) => begin('bash', ['-c', line], { env }).ended,
  };
};

/** The lines of a text, without the last empty one. */
export const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');
