import { describe, expect, it } from 'vitest';
import { parseTemplate } from '../../../handlers/bulk-qr-processing/template.ts';
import { demoItems, demoTemplate } from '../../../lib/operations/demo-items.ts';

describe('the items of the demo', () => {
  it('are as many as asked for, with distinct ids and distinct URLs of 60 characters', () => {
    const items: { id: string; data: string }[] = demoItems('demo-0190a1b2c3d4', 1_000)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(items).toHaveLength(1_000);
    expect(new Set(items.map(({ id }) => id)).size).toBe(1_000);
    expect(new Set(items.map(({ data }) => data)).size).toBe(1_000);
    for (const { data } of items) expect(new URL(data).href).toHaveLength(60);
  });

  it('come with a template that the bulk handler takes', () => {
    expect(parseTemplate(demoTemplate(['png', 'svg']), 'demo')).toMatchObject({
      size: 512,
      errorCorrection: 'M',
      formats: ['png', 'svg'],
    });
  });
});
