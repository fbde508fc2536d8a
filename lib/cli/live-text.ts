import { clearScreenDown, moveCursor } from 'node:readline';
import { note } from './terminal.ts';

/** Text that is written over itself on a terminal; elsewhere a line now and then. */
export interface LiveText {
  /** @param line what is said instead where there is no terminal */
  show(text: string, line: string): void;
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
        return note(line);
      }
      clear();
      stream.write(`${text}\n`);
      lines = text.split('\n').length;
    },
    close: clear,
  };
};
