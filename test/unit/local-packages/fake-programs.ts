import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';

/** A folder that is gone after the test. */
export const temporaryFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'qr-packages-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

/**
 * Puts shell scripts on the PATH for one test, by the names of programs.
 *
 * @param beside what is on the PATH after them; nothing unless given, so that the machine's own programs are missing
 */
export const onlyPrograms = async (scripts: Readonly<Record<string, string>>, beside: string[] = []): Promise<void> => {
  const folder = await temporaryFolder();
  for (const [name, script] of Object.entries(scripts)) {
    const path = join(folder, name);
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
  }
  vi.stubEnv('PATH', [folder, ...beside].join(':'));
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
};

/** What `java -version` says, on standard error as the real one. */
export const javaSaying = (version: string): string => `echo 'openjdk version "${version}" 2026-01-01' >&2`;
