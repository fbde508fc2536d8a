import type { OnProgress, Progress } from '../operations/backup/index.ts';
import { startBar } from './bar.ts';
import { number } from './format.ts';

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
  let bar: ReturnType<typeof startBar>;
  let current: Progress['step'] | undefined;
  return {
    onProgress: ({ step, done, total }) => {
      const text = `${number(done)} of ${number(total)} ${WORDS[step]}`;
      if (step !== current) {
        bar?.stop();
        bar = startBar(total, done, text);
        current = step;
      }
      bar?.update(done, { text });
    },
    close: () => bar?.stop(),
  };
};
