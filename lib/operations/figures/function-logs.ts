import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type BatchFigures, batchFiguresIn } from './batch-figures.ts';

/** Of a log that is looked at for the first time, so much of its end is read. */
const FIRST_BYTES = 4 * 1024 * 1024;
const PIECE_BYTES = 256 * 1024;

interface Place {
  /** Where reading goes on. */
  readonly at: number;
  /** The beginning of a line whose end was not written yet. */
  readonly begun: string;
}

/** Reads what the functions have told of their batches, each line once. */
export interface FunctionLogs {
  /** Reads what was appended since the last look. */
  look(onFigures: (figures: BatchFigures) => void): Promise<void>;
}

/** @param folder where the logs of the functions lie; it need not be there yet */
export const functionLogs = (folder: string): FunctionLogs => {
  const places = new Map<string, Place>();
  return {
    look: async (onFigures) => {
      const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.log'));
      for (const name of names) {
        const file = await open(join(folder, name), 'r').catch(() => undefined);
        if (file === undefined) continue;
        try {
          places.set(name, await readOn(file, places.get(name), onFigures));
        } finally {
          await file.close();
        }
      }
    },
  };
};

const readOn = async (
  file: FileHandle,
  before: Place | undefined,
  onFigures: (figures: BatchFigures) => void,
): Promise<Place> => {
  const { size } = await file.stat();
  // A log that was put aside begins anew.
  const from = before === undefined ? { at: Math.max(0, size - FIRST_BYTES), begun: '' } : before;
  let { at, begun } = from.at > size ? { at: 0, begun: '' } : from;
  const decoder = new TextDecoder();
  const piece = Buffer.alloc(Math.min(PIECE_BYTES, Math.max(1, size - at)));
  while (at < size) {
    const { bytesRead } = await file.read(piece, 0, piece.length, at);
    if (bytesRead === 0) break;
    at += bytesRead;
    const lines = `${begun}${decoder.decode(piece.subarray(0, bytesRead), { stream: true })}`.split('\n');
    begun = lines.pop() ?? '';
    for (const line of lines) {
      const figures = batchFiguresIn(line);
      if (figures !== undefined) onFigures(figures);
    }
  }
  return { at, begun };
};
