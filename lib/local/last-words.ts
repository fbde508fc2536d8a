import { open } from 'node:fs/promises';

/** Of a log, where the last words of a process are. */
const TAIL_BYTES = 16 * 1024;

/** The end of a log; empty where there is none. */
export const lastWords = async (logFile: string): Promise<string> => {
  const file = await open(logFile).catch(() => undefined);
  if (file === undefined) return '';
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(
      Buffer.alloc(TAIL_BYTES),
      0,
      TAIL_BYTES,
      Math.max(0, size - TAIL_BYTES),
    );
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
};
