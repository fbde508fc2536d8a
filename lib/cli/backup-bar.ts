import { SingleBar } from 'cli-progress';
import type { OnProgress, Progress } from '../operations/backup/index.ts';
import { number } from './format.ts';
import { noteColours } from './terminal.ts';

const WORDS: Readonly<Record<Progress['step'], string>> = {
  schemas: 'schemas',
  redis: 'keys of Redis',
  objects: 'pieces of objects',
  records: 'records',
  groups: 'groups',
  files: 'files',
};

/** The progress of a backup or restore on standard error: a bar for each step on a terminal, nothing elsewhere. */
export const backupBar = (): { readonly onProgress: OnProgress; readonly close: () => void } => {
  if (process.stderr.isTTY !== true) return { onProgress: () => undefined, close: () => undefined };
  let bar: SingleBar | undefined;
  let current: Progress['step'] | undefined;
  return {
    onProgress: ({ step, done, total }) => {
      const text = `${number(done)} of ${number(total)} ${WORDS[step]}`;
      if (step !== current) {
        bar?.stop();
        bar = new SingleBar({
          format: `  ${noteColours.cyan('{bar}')} {percentage} %  {text}`,
          barsize: 40,
          barCompleteChar: '█',
          barIncompleteChar: '░',
          hideCursor: true,
          stream: process.stderr,
        });
        bar.start(Math.max(1, total), done, { text });
        current = step;
      }
      bar?.update(done, { text });
    },
    close: () => bar?.stop(),
  };
};
