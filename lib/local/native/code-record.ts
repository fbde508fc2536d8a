import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The code that a process was started with, beside its process file: what tells that the project's is another by now. */
export interface CodeRecord {
  /** Whether the process runs this code; what is not known is not this code. */
  isOf(code: string): Promise<boolean>;
  write(code: string): Promise<void>;
}

/** @param path the file */
export const codeRecord = (path: string): CodeRecord => ({
  isOf: async (code) => (await readFile(path, 'utf8').catch(() => undefined)) === code,
  write: async (code) => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, code);
  },
});
