import { clearScreenDown, moveCursor } from 'node:readline';
import { note } from './terminal.ts';

/** Text that is written over itself on a terminal; elsewhere a line now and then. */
export interface LiveText {
  /**
   * @param text made only where there is a terminal to show it
   * @param line what is said instead elsewhere, made only when it is said
   */
  show(text: () => string, line: () => string): void;
  /** Takes the text away. */
  close(): void;
}

/** Where there is no terminal, a line is said so often. */
const LINE_EVERY_MS = 10_000;

export const liveText = (stream: NodeJS.WriteStream = process.stderr): LiveText => {
  let lines = 0;
  let said = performance.now();
  const clear = (): void => {
    if (lines === 0) return;
    moveCursor(stream, 0, -lines);
    clearScreenDown(stream);
    lines = 0;
  };
  return {
    show: (text, line) => {
      if (stream.isTTY !== true) {
        if (performance.now() - said < LINE_EVERY_MS) return;
        said = performance.now();
        return note(line());
      }
      const shown = text();
      clear();
      stream.write(`${shown}\n`);
      lines = shown.split('\n').length;
    },
    close: clear,
  };
};
