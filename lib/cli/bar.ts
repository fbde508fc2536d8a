import { SingleBar } from 'cli-progress';
import { noteColours } from './terminal.ts';

/** A progress bar on standard error, with words beside it; undefined where that is no terminal. */
export const startBar = (total: number, done: number, text: string): SingleBar | undefined => {
  if (process.stderr.isTTY !== true) return undefined;
  const bar = new SingleBar({
    format: `  ${noteColours.cyan('{bar}')} {percentage} %  {text}`,
    barsize: 40,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    stream: process.stderr,
  });
  bar.start(Math.max(1, total), done, { text });
  return bar;
};
