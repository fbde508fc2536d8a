import { run } from '../run.ts';

/** A daemon that does not answer within this is none. */
const TIMEOUT_MS = 3_000;

/** Whether a Docker engine answers and Compose is there. */
export const dockerAnswers = async (env: NodeJS.ProcessEnv = process.env): Promise<boolean> => {
  const [engine, compose] = await Promise.all([
    run('docker', ['info', '--format', '{{.ServerVersion}}'], { env, timeoutMs: TIMEOUT_MS }),
    run('docker', ['compose', 'version'], { env, timeoutMs: TIMEOUT_MS }),
  ]);
  return engine.code === 0 && compose.code === 0;
};
