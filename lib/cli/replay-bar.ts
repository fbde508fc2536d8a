import type { OnReplayed } from '../operations/repair/replay.ts';
import { startBar } from './bar.ts';
import { number } from './format.ts';

/** The progress of a replay on standard error: a bar on a terminal, nothing elsewhere. */
export const replayBar = (): { readonly onReplayed: OnReplayed; readonly close: () => void } => {
  let bar: ReturnType<typeof startBar>;
  let isBegun = false;
  return {
    onReplayed: ({ done, total, appliedAgain }) => {
      const text = `${number(done)} of ${number(total)} records replayed, ${number(appliedAgain)} took effect again`;
      if (!isBegun) bar = startBar(total, done, text);
      isBegun = true;
      bar?.update(done, { text });
    },
    close: () => bar?.stop(),
  };
};
