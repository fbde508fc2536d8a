import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const MODULE = join(import.meta.dirname, '../../../lib/cli/interrupt.ts');

/** A program of its own, because signals are for whole processes. */
const ended = (program: string): Promise<{ readonly code: unknown; readonly out: string }> =>
  new Promise((resolve) => {
    const text = `const { endingCode, interruptSignal, isEnding, watchInterrupts } = await import(${JSON.stringify(MODULE)});
      watchInterrupts();
      const alive = setInterval(() => undefined, 1_000);
      ${program}`;
    execFile(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', text], (error, out) =>
      resolve({ code: error === null ? 0 : error.code, out }),
    );
  });

it('Ctrl-C ends a command at once that has nothing to tidy up', async () => {
  expect(await ended("process.kill(process.pid, 'SIGINT');")).toEqual({ code: 130, out: '' });
});

it('a command that tidies up is told of Ctrl-C, ends by itself, and what it left undone is no failure', async () => {
  const { code, out } = await ended(`
    const signal = interruptSignal();
    console.log(isEnding(signal.reason));
    signal.addEventListener('abort', () => {
      console.log(isEnding(signal.reason), isEnding(new Error('the broker is gone')), endingCode(1), endingCode(0));
      clearInterval(alive);
    });
    process.kill(process.pid, 'SIGINT');`);
  expect(out.split('\n')).toEqual(['false', 'true false 130 0', '']);
  expect(code).toBe(130);
});

it('a second Ctrl-C ends it at once', async () => {
  const { code } = await ended(`
    interruptSignal().addEventListener('abort', () => process.kill(process.pid, 'SIGINT'));
    process.kill(process.pid, 'SIGINT');`);
  expect(code).toBe(130);
});
