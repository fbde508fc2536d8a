import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { amount } from '../../../lib/cli/arguments.ts';
import { mixFrom, readMix, SIMULATED_MIX } from '../../../lib/operations/capacity/index.ts';

describe('a mix', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'qr-mix-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is taken from JSON and from YAML', async () => {
    const [json, yaml] = [join(folder, 'mix.json'), join(folder, 'mix.yaml')];
    await writeFile(json, '{"analytics-events": 90, "notifications": 10}');
    await writeFile(yaml, 'analytics-events: 90\nnotifications: 10\n');
    expect(await readMix(json)).toEqual({ 'analytics-events': 90, notifications: 10 });
    expect(await readMix(yaml)).toEqual(await readMix(json));
  });

  it('is that of a simulated day by its name, and adds up to 100', async () => {
    expect(mixFrom(await readMix('simulated'), 'the simulated one')).toEqual(SIMULATED_MIX);
  });

  it.each([
    [
      { 'analytics-event': 100 },
      'There is no topic analytics-event, which mix.json has.',
      'Did you mean analytics-events?',
    ],
    [{ 'analytics-events': 90 }, 'The shares in mix.json add up to 90, not to 100.', undefined],
    [
      { 'analytics-events': '90' },
      'The share of analytics-events in mix.json must be a number of at least 0.',
      undefined,
    ],
    [{ 'analytics-events': -1, notifications: 101 }, 'The share of analytics-events in mix.json must be', undefined],
    [[100], 'mix.json must be an object of topics and their shares', undefined],
    ['lots', 'mix.json must be an object of topics and their shares', undefined],
  ])('is refused in one sentence: %j', (value, message, next) => {
    expect(() => mixFrom(value, 'mix.json')).toThrow(
      expect.objectContaining({ code: 'USAGE', next, message: expect.stringContaining(message) }),
    );
  });

  it('is refused when there is no such file, or no such thing in it', async () => {
    await expect(readMix(join(folder, 'none.json'))).rejects.toThrow(
      /^The mix .*none\.json cannot be read: there is no such file\.$/,
    );
    const broken = join(folder, 'broken.json');
    await writeFile(broken, '{"analytics-events": ');
    await expect(readMix(broken)).rejects.toThrow(/^The mix .*broken\.json cannot be read: [^\n]+$/);
  });
});

describe('events a day', () => {
  it.each([
    ['1e6', 1e6],
    ['1.5E8', 1.5e8],
    ['250000', 250_000],
  ])('may be written %s', (word, value) => expect(amount(1, 1e12)(word)).toBe(value));

  it.each(['abc', '', '-5', '0', '1e13', '1,000', 'Infinity', '1e'])('may not be written %j', (word) => {
    expect(() => amount(1, 1e12)(word)).toThrow('It must be a number from 1 to 1e12, such as 1e6.');
  });
});
