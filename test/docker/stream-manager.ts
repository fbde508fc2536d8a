import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** What a command said, stream by stream, and how it ended. */
export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const SCRIPT = join(import.meta.dirname, '..', '..', 'stream-manager.sh');

/** Runs `./stream-manager.sh ARGS` as a user would, to its end. */
export const streamManager = (args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Said> =>
  new Promise((resolve, reject) => {
    const child = spawn(SCRIPT, [...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
