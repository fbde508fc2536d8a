import { SingleBar } from 'cli-progress';
import type { OnLoad } from '../operations/load/index.ts';
import { number } from './format.ts';
import { noteColours } from './terminal.ts';

const WORDS: Readonly<Record<Parameters<OnLoad>[0], string>> = {
  recording: 'recorded in PostgreSQL one by one',
  waiting: 'published; the next minute is awaited',
  publishing: 'published',
  writing: 'in rollups; those of a minute go out when it has closed',
};

/** The progress of a comparison on standard error: a bar for each part on a terminal, nothing elsewhere. */
export const loadBar = (scans: number): { readonly onLoad: OnLoad; readonly close: () => void } => {
  if (process.stderr.isTTY !== true) return { onLoad: () => undefined, close: () => undefined };
  let bar: SingleBar | undefined;
  let current: Parameters<OnLoad>[0] | undefined;
  return {
    onLoad: (part, done) => {
      const text = `${number(done)} of ${number(scans)} scans ${WORDS[part]}`;
      if (part !== current) {
        bar?.stop();
        bar = new SingleBar({
          format: `  ${noteColours.cyan('{bar}')} {percentage} %  {text}`,
          barsize: 30,
          barCompleteChar: '█',
          barIncompleteChar: '░',
          hideCursor: true,
          stream: process.stderr,
        });
        bar.start(scans, done, { text });
        current = part;
      }
      bar?.update(done, { text });
    },
    close: () => bar?.stop(),
  };
};
