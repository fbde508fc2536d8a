import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tailLog } from '../../../lib/operations/log-file.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-file-'));
  path = join(folder, 'a.log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const tail = async (lines: number): Promise<string> => {
  let text = '';
  await tailLog(path, { lines }, (bytes) => {
    text += bytes.toString();
  });
  return text;
};

describe('the end of a log', () => {
  it('is its last lines', async () => {
    writeFileSync(path, 'a\nb\nc\n');
    expect(await tail(2)).toBe('b\nc\n');
    expect(await tail(9)).toBe('a\nb\nc\n');
    expect(await tail(0)).toBe('');
  });

  it('counts a last line that is not finished', async () => {
    writeFileSync(path, 'a\nb\nc');
    expect(await tail(2)).toBe('b\nc');
  });

  it('is found in a file larger than one piece', async () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index}`);
    writeFileSync(path, `${lines.join('\n')}\n`);
    expect(await tail(10_000)).toBe(`${lines.slice(-10_000).join('\n')}\n`);
  });

  it('is followed, also when the file is begun anew', async () => {
    writeFileSync(path, 'old\n');
    const stop = new AbortController();
    const seen: string[] = [];
    await tailLog(path, { lines: 1, follow: stop.signal }, (bytes) => {
      seen.push(bytes.toString());
      if (seen.length === 1) appendFileSync(path, 'appended\n');
      if (seen.length === 2) writeFileSync(path, 'new\n');
      if (seen.length === 3) stop.abort();
    });
    expect(seen).toEqual(['old\n', 'appended\n', 'new\n']);
  });
});
