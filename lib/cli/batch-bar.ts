import { startBar } from './bar.ts';
import { number } from './format.ts';

/** The progress of a batch on standard error: a bar on a terminal, nothing elsewhere. */
export interface BatchBar {
  readonly update: (finished: number, failed: number) => void;
  readonly close: () => void;
}

export const batchBar = (items: number): BatchBar => {
  const text = (finished: number, failed: number): string =>
    `${number(finished)} of ${number(items)}${failed === 0 ? '' : `, ${number(failed)} failed`}`;
  const bar = startBar(items, 0, text(0, 0));
  return {
    update: (finished, failed) => bar?.update(finished, { text: text(finished, failed) }),
    close: () => bar?.stop(),
  };
};
