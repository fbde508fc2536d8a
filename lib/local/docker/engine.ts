import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { StreamError } from '../../errors.ts';
import { PROJECT_ROOT } from '../../functions/root.ts';
import type { Engine, RunState } from '../engine.ts';
import { type StackPaths, stackPaths } from '../paths.ts';
import { PORTS, type Ports } from '../ports.ts';
import { type Ended, run } from '../run.ts';
import { isDocker, OPTIONAL, SERVICES, type Service } from '../services/index.ts';
import { dockerAnswers } from './detect.ts';

export interface DockerOptions {
  readonly paths: StackPaths;
  readonly ports: Ports;
}

/** Tells a stack in another folder apart; the one in the default folder has the plain names. */
const suffixOf = ({ root }: StackPaths): string =>
  root === stackPaths(undefined, {}).root
    ? ''
    : `-${basename(root)
        .toLowerCase()
        .replaceAll(/[^a-z0-9]/g, '')}${createHash('sha256').update(root).digest('hex').slice(0, 6)}`;

/** Runs the services with Docker Compose, from docker-compose.yml. */
export const dockerEngine = ({ paths, ports }: DockerOptions): Engine => {
  const suffix = suffixOf(paths);
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    QR_PROJECT: `qr-streams${suffix}`,
    QR_NAME_SUFFIX: suffix,
    // Stopping and deleting go for every service there may be.
    COMPOSE_PROFILES: OPTIONAL.join(','),
    ...Object.fromEntries(SERVICES.filter(isDocker).map(({ name }) => [PORTS[name].variable, String(ports[name])])),
  };
  const compose = (args: readonly string[], onLine?: (line: string) => void): Promise<Ended> =>
    run('docker', ['compose', '--file', join(PROJECT_ROOT, 'docker-compose.yml'), '--progress', 'plain', ...args], {
      env,
      ...(onLine === undefined ? {} : { onLine }),
    });
  const succeed = async (what: string, args: readonly string[], onLine?: (line: string) => void): Promise<string> => {
    const { code, output } = await compose(args, onLine);
    if (code === 0) return output;
    throw new StreamError('SERVICE_FAILED', `Docker Compose could not ${what}: ${lastWords(output)}`, {
      next: 'Check that Docker is running: docker info',
    });
  };

  const containers = SERVICES.filter(isDocker).map(({ container }) => `${container}${suffix}`);
  const look = briefly(async () => {
    const format = '{{.Name}} {{.State.Status}}';
    const { output } = await run('docker', ['container', 'inspect', '--format', format, ...containers], { env });
    return statesIn(output);
  });

  return {
    name: 'docker',
    fetch: async (services, onProgress) => {
      if (!(await dockerAnswers())) {
        throw new StreamError('PREREQUISITE_MISSING', 'No Docker engine with Compose answers.', {
          next: 'Start Docker, or run without it: ./stream-manager.sh start --engine native',
        });
      }
      const wanted = services.filter(isDocker);
      const found = await Promise.all(
        wanted.map(({ docker }) => run('docker', ['image', 'inspect', docker.image], { env })),
      );
      const missing = wanted.filter((_, i) => found[i]?.code !== 0);
      const ways = [
        { word: 'Pulling', args: ['pull', '--policy', 'missing'], of: missing.filter(({ docker }) => !docker.build) },
        { word: 'Building', args: ['build'], of: missing.filter(({ docker }) => docker.build) },
      ];
      for (const { word, args, of } of ways) {
        if (of.length === 0) continue;
        onProgress({ step: 'note', text: `${word} ${of.map(({ docker }) => docker.image).join(', ')}` });
        await succeed(`${args[0]} the images`, [...args, ...of.map(({ name }) => name)], (line) => {
          if (/ (Pulled|Built|Error)/.test(line)) onProgress({ step: 'note', text: line.trim() });
        });
      }
    },
    start: async (services) => {
      if (services.length > 0)
        await succeed('start the services', ['up', '--detach', ...services.map(({ name }) => name)]);
      look.forget();
    },
    state: async ({ container }) => (await look()).get(`/${container}${suffix}`) ?? 'stopped',
    stop: async () => {
      await succeed('stop the services', ['down', '--timeout', '5']);
      look.forget();
    },
    wipe: async () => {
      await succeed('delete the volumes', ['down', '--volumes', '--timeout', '5']);
    },
    logFile: async ({ name, container }: Service, follow) => {
      const now = new Date().toISOString();
      const { output } = await compose(['logs', '--no-log-prefix', '--no-color', '--until', now, name]);
      await mkdir(paths.logs, { recursive: true });
      const file = join(paths.logs, `${name}.log`);
      await writeFile(file, output);
      if (follow !== undefined) await appendLog(`${container}${suffix}`, now, file, follow);
      return file;
    },
  };
};

/** Appends to a file what a container says from a time on, until the signal. */
const appendLog = async (container: string, since: string, file: string, signal: AbortSignal): Promise<void> => {
  const log = await open(file, 'a');
  const child = spawn('docker', ['logs', '--follow', '--since', since, container], {
    stdio: ['ignore', log.fd, log.fd],
    signal,
  });
  // Aborting counts as an error of the child, and is how it is meant to end.
  child.once('error', () => undefined);
  child.once('close', () => void log.close());
};

/** Docker's words for the state of a container. */
const STATES: Readonly<Record<string, RunState>> = {
  running: 'running',
  restarting: 'running',
  paused: 'running',
  created: 'stopped',
  removing: 'stopped',
  exited: 'died',
  dead: 'died',
};

/** The states that `docker container inspect` tells, by name; what it does not know it names in lines of other forms. */
export const statesIn = (output: string): Map<string, RunState> =>
  new Map(
    output.split('\n').flatMap((line) => {
      const [, name, word] = /^(\/\S+) (\w+)$/.exec(line.trim()) ?? [];
      const state = word === undefined ? undefined : STATES[word];
      return name === undefined || state === undefined ? [] : [[name, state] as const];
    }),
  );

/** A start asks for each service many times a second, and each answer costs a process: one look at all serves for a while. */
const BRIEFLY_MS = 500;

/** Gives the answer of `ask` to everybody who wants it within a moment. */
const briefly = <T>(ask: () => Promise<T>): (() => Promise<T>) & { forget(): void } => {
  let known: { readonly answer: Promise<T>; readonly until: number } | undefined;
  const current = (): Promise<T> => {
    if (known === undefined || performance.now() > known.until) {
      known = { answer: ask(), until: performance.now() + BRIEFLY_MS };
    }
    return known.answer;
  };
  return Object.assign(current, {
    forget: () => {
      known = undefined;
    },
  });
};

const lastWords = (output: string): string => output.trim().split('\n').at(-1)?.trim() ?? '';
