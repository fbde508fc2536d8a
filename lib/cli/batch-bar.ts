import { SingleBar } from 'cli-progress';
import { number } from './format.ts';
import { noteColours } from './terminal.ts';

/** The progress of a batch on standard error: a bar on a terminal, nothing elsewhere. */
export interface BatchBar {
  readonly update: (finished: number, failed: number) => void;
  readonly close: () => void;
}

export const batchBar = (items: number): BatchBar => {
  if (process.stderr.isTTY !== true) return { update: () => undefined, close: () => undefined };
  const bar = new SingleBar({
    format: `  ${noteColours.cyan('{bar}')} {percentage} %  {text}`,
    barsize: 40,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    stream: process.stderr,
  });
  const text = (finished: number, failed: number): string =>
    `${number(finished)} of ${number(items)}${failed === 0 ? '' : `, ${number(failed)} failed`}`;
  bar.start(items, 0, { text: text(0, 0) });
  return {
    update: (finished, failed) => bar.update(finished, { text: text(finished, failed) }),
    close: () => bar.stop(),
  };
};
