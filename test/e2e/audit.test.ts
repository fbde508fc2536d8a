import { describe, expect, it } from 'vitest';
import { AUDIT_PREFIX, GENESIS, segmentKey, segmentOf } from '../../handlers/audit-logs/segment.ts';
import { openObjects } from '../../lib/stores/objects.ts';
import { cliWith } from '../support/cli.ts';
import { testStack } from '../support/stack.ts';

const { dataDir, settings } = testStack();
const cli = cliWith({ QR_DATA_DIR: dataDir });

describe('audit verify', () => {
  it('names a segment that does not belong, with exit code 1, and is content again once it is gone', async () => {
    const objects = openObjects(settings);
    // It says that it comes after a segment nobody has.
    const link = { ...GENESIS, key: segmentKey(AUDIT_PREFIX, 2, 0, 1) };
    const forged = segmentOf(AUDIT_PREFIX, 2, [{ offset: 9_000_000_000_000 }], link);
    await objects.put(forged.key, forged.bytes);
    const wrong = await cli.run('audit', 'verify', '--json');
    await objects.delete([forged.key]);
    objects.close();
    expect(wrong.code).toBe(1);
    expect(JSON.parse(wrong.out)).toMatchObject({ ok: false });
    expect(wrong.out).toContain(forged.key);
    const right = await cli.run('audit', 'verify');
    expect(right).toMatchObject({ code: 0, out: expect.stringContaining('Everything is as it was written.') });
  });
});
