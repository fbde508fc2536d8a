import { MultiBar, type SingleBar } from 'cli-progress';
import type { OnProgress, Progress } from '../local/progress.ts';
import { duration } from './format.ts';
import { note, noteColours } from './terminal.ts';

/** Shows the progress of a start on standard error. */
export interface StartDisplay {
  readonly onProgress: OnProgress;
  readonly close: () => void;
}

type Fetch = Extract<Progress, { step: 'fetch' }>;

/** Bars for downloads on a terminal, a line at the beginning and the end of each elsewhere; a line a service. */
export const startDisplay = (): StartDisplay => {
  const bars = new Map<string, SingleBar>();
  const told = new Set<string>();
  let multi: MultiBar | undefined;

  const closeBars = (): void => {
    multi?.stop();
    multi = undefined;
    bars.clear();
  };
  const fetchBar = ({ name, megabytes, total }: Fetch): void => {
    multi ??= new MultiBar({
      format: `  {name} ${noteColours.cyan('{bar}')} {value} / about {total} MB`,
      barsize: 30,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      hideCursor: true,
      stream: process.stderr,
    });
    const bar = bars.get(name) ?? multi.create(total, 0, { name: name.padEnd(18) });
    bars.set(name, bar);
    bar.update(Math.round(megabytes));
  };
  const fetchLine = ({ name, total, done }: Fetch): void => {
    const key = `${name} ${done}`;
    if (told.has(key)) return;
    told.add(key);
    note(done ? `  ${name} is there` : `  Downloading ${name} (about ${total} MB)`);
  };

  return {
    onProgress: (progress) => {
      if (progress.step === 'fetch') return process.stderr.isTTY === true ? fetchBar(progress) : fetchLine(progress);
      closeBars();
      if (progress.step === 'note') return note(`  ${progress.text}`);
      const { name, state, ms } = progress;
      if (state === 'healthy' && ms > 0) {
        note(
          `  ${noteColours.green('✓')} ${name.padEnd(16)} ${noteColours.dim(`ready after ${duration(Math.round(ms / 100) * 100)}`)}`,
        );
      }
    },
    close: closeBars,
  };
};
