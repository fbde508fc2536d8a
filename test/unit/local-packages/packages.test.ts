import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fetchPackages, packageFolder } from '../../../lib/local/packages/index.ts';
import type { Progress } from '../../../lib/local/progress.ts';
import { javaFlags } from '../../../lib/local/services/java.ts';
import { javaSaying, onlyPrograms, temporaryFolder } from './fake-programs.ts';

/** Puts a file where it is told to, and says what a download says. */
const MVN = `for word; do case $word in -DoutputDirectory=*) out=\${word#*=} ;; esac; done
[ -z "$out" ] || { echo "Downloaded from central: http://repo/a.jar (1.5 MB at 3 MB/s)"; echo jar > "$out/a.jar"; }`;
/** Makes an environment whose Python says what pip says. */
const PYTHON = `[ "$2" = venv ] || exit 0
mkdir -p "$3/bin"; printf '#!/bin/sh\\necho "  Downloading a.whl (2.0 MB)"\\n' > "$3/bin/python"; chmod +x "$3/bin/python"`;
const PROGRAMS = { java: javaSaying('17.0.1'), mvn: MVN, python3: PYTHON };
const SHELL = ['/usr/bin', '/bin'];

const quiet = (): void => undefined;

describe('fetching packages', () => {
  it('puts each in its place, whole, and tells of the megabytes', async () => {
    await onlyPrograms(PROGRAMS, SHELL);
    const root = join(await temporaryFolder(), 'packages');
    const told: Progress[] = [];
    await fetchPackages(root, ['redis', 'ministack'], (progress) => told.push(progress));
    expect(existsSync(join(packageFolder(root, 'redis'), 'a.jar'))).toBe(true);
    expect(existsSync(join(packageFolder(root, 'ministack'), 'bin', 'python'))).toBe(true);
    expect((await readdir(root)).length).toBe(2);
    expect(told).toContainEqual({ step: 'fetch', name: 'redis', megabytes: 1.5, total: 12, done: false });
    expect(told).toContainEqual({ step: 'fetch', name: 'ministack', megabytes: 30, total: 30, done: true });
  });

  it('asks nobody for what is there: neither Maven nor Python is needed any more', async () => {
    await onlyPrograms(PROGRAMS, SHELL);
    const root = await temporaryFolder();
    await fetchPackages(root, ['redis', 'ministack'], quiet);
    await onlyPrograms({ java: PROGRAMS.java });
    await fetchPackages(root, ['redis', 'ministack'], quiet);
  });

  it('does again what was cut short, and leaves nothing of the attempt', async () => {
    await onlyPrograms(
      { ...PROGRAMS, mvn: `${MVN}\n[ -z "$out" ] || { echo "[ERROR] no route to host"; exit 1; }` },
      SHELL,
    );
    const root = await temporaryFolder();
    await mkdir(packageFolder(root, 'redis'));
    await writeFile(join(packageFolder(root, 'redis'), 'half'), '');
    await expect(fetchPackages(root, ['redis'], quiet)).rejects.toMatchObject({
      code: 'SERVICE_FAILED',
      message: 'Maven could not fetch embedded-redis: no route to host',
    });
    expect(await readdir(root)).toEqual(['redis-1.4.3']);
    await onlyPrograms(PROGRAMS, SHELL);
    await fetchPackages(root, ['redis'], quiet);
    expect((await readdir(packageFolder(root, 'redis'))).sort()).toEqual(['.complete', 'a.jar', 'pom.xml']);
  });

  it('leaves the download that another start was quicker with: somebody may run from it', async () => {
    // While Maven works here, another start puts its own into the place.
    const root = await temporaryFolder();
    const place = packageFolder(root, 'redis');
    const other = `[ -z "$out" ] || { mkdir -p '${place}'; echo theirs > '${place}/a.jar'; : > '${place}/.complete'; }`;
    await onlyPrograms({ ...PROGRAMS, mvn: `${MVN}\n${other}` }, SHELL);
    await fetchPackages(root, ['redis'], quiet);
    expect(await readFile(join(place, 'a.jar'), 'utf8')).toBe('theirs\n');
    expect(await readdir(root)).toEqual(['redis-1.4.3']);
  });

  it('says why pip failed', async () => {
    const python = PYTHON.replace(
      'echo "  Downloading a.whl (2.0 MB)"',
      'echo "ERROR: No matching distribution"; exit 1',
    );
    await onlyPrograms({ ...PROGRAMS, python3: python }, SHELL);
    await expect(fetchPackages(await temporaryFolder(), ['ministack'], quiet)).rejects.toMatchObject({
      code: 'SERVICE_FAILED',
      message: expect.stringMatching(/^Python could not install ministack==\S+: No matching distribution$/),
    });
  });
});

describe('the archive of a Java service', () => {
  /** Leaves an archive when it is asked for one; refuses to be a service. */
  const archiving = `${PROGRAMS.java}
for word; do case $word in -XX:ArchiveClassesAtExit=*) echo archive > "\${word#*=}"; echo x >> "$QR_TEST_TRIES" ;; esac; done`;

  it('is made once, and used by the next start', async () => {
    const root = await temporaryFolder();
    const tries = join(root, 'tries');
    await onlyPrograms({ ...PROGRAMS, java: archiving.replace('$QR_TEST_TRIES', tries) }, SHELL);
    const told: Progress[] = [];
    await fetchPackages(root, ['apicurio-registry'], (progress) => told.push(progress));
    await fetchPackages(root, ['apicurio-registry'], quiet);
    expect(await readFile(tries, 'utf8')).toBe('x\n');
    expect(told.some(({ step }) => step === 'note')).toBe(true);
    const flags = await javaFlags(packageFolder(root, 'apicurio-registry'));
    expect(flags).toContainEqual(expect.stringMatching(/^-XX:SharedArchiveFile=.*\/classes-[0-9a-f]{12}\.jsa$/));
  });

  it('is made anew for another Java, in the place of the old one', async () => {
    const root = await temporaryFolder();
    const java = archiving.replace('$QR_TEST_TRIES', '/dev/null');
    await onlyPrograms({ ...PROGRAMS, java }, SHELL);
    await fetchPackages(root, ['apicurio-registry'], quiet);
    const [first] = (await readdir(packageFolder(root, 'apicurio-registry'))).filter((name) => name.endsWith('.jsa'));
    await onlyPrograms({ ...PROGRAMS, java: java.replace('17.0.1', '21.0.4') }, SHELL);
    await fetchPackages(root, ['apicurio-registry'], quiet);
    const archives = (await readdir(packageFolder(root, 'apicurio-registry'))).filter((name) => name.endsWith('.jsa'));
    expect(archives).toHaveLength(1);
    expect(archives).not.toEqual([first]);
  });

  it('that cannot be made is done without, and not tried again', async () => {
    const root = await temporaryFolder();
    await onlyPrograms(PROGRAMS, SHELL);
    await fetchPackages(root, ['apicurio-registry'], quiet);
    const folder = packageFolder(root, 'apicurio-registry');
    expect(await javaFlags(folder)).not.toContainEqual(expect.stringContaining('SharedArchiveFile'));
    const told: Progress[] = [];
    await fetchPackages(root, ['apicurio-registry'], (progress) => told.push(progress));
    expect(told).toEqual([]);
  });
});
