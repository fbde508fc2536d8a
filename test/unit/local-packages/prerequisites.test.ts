import { describe, expect, it } from 'vitest';
import { PREREQUISITES, requirePrograms } from '../../../lib/local/packages/prerequisites.ts';
import { javaSaying, onlyPrograms } from './fake-programs.ts';

const ALL = [...PREREQUISITES.start, ...PREREQUISITES.maven, ...PREREQUISITES.pip];
const refusal = (): Promise<unknown> => requirePrograms(ALL).catch((error: unknown) => error);

describe('what the native stack needs', () => {
  it('is there: what each program says comes back', async () => {
    await onlyPrograms({ java: javaSaying('17.0.1'), mvn: 'echo Apache Maven 3.8.7', python3: 'exit 0' });
    const said = await requirePrograms(ALL);
    expect(said.get('java')).toContain('17.0.1');
    expect([...said.keys()].sort()).toEqual(['java', 'mvn', 'python3']);
  });

  it('is missing altogether: one sentence names all three, the next says what to install', async () => {
    await onlyPrograms({});
    expect(await refusal()).toMatchObject({
      code: 'PREREQUISITE_MISSING',
      message: 'The native stack needs what is not here or too old: java, mvn, python3.',
      next: expect.stringMatching(/Install Java 17.*Install Maven.*Install Python 3\.10.*Or start Docker/),
    });
  });

  it.each(['1.8.0_392', '11.0.21', '16'])('Java %s is too old', async (version) => {
    await onlyPrograms({ java: javaSaying(version), mvn: 'exit 0', python3: 'exit 0' });
    expect(await refusal()).toMatchObject({ message: expect.stringMatching(/too old: java\.$/) });
  });

  it.each(['17.0.1', '21.0.4', '22-ea', '25'])('Java %s will do', async (version) => {
    await onlyPrograms({ java: javaSaying(version), mvn: 'exit 0', python3: 'exit 0' });
    expect((await requirePrograms(ALL)).size).toBe(ALL.length);
  });

  it('macOS has a java that only says there is none', async () => {
    await onlyPrograms({ java: 'echo Unable to locate a Java Runtime. >&2; exit 1', mvn: 'exit 0', python3: 'exit 0' });
    expect(await refusal()).toMatchObject({ message: expect.stringMatching(/too old: java\.$/) });
  });

  it('a Python without venv, or too old, ends with 1: it is named, and nothing else', async () => {
    await onlyPrograms({ java: javaSaying('17.0.1'), mvn: 'exit 0', python3: 'exit 1' });
    expect(await refusal()).toMatchObject({
      message: expect.stringMatching(/too old: python3\.$/),
      next: expect.not.stringContaining('Maven'),
    });
  });

  it('asks Python for its version and for venv', async () => {
    await onlyPrograms({ python3: `[ "$1" = -c ] && case "$2" in *venv*'< (3, 10)'*) exit 0 ;; esac; exit 1` });
    expect((await requirePrograms(PREREQUISITES.pip)).size).toBe(1);
  });
});
