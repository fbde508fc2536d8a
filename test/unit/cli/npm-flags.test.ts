import { describe, expect, it } from 'vitest';
import { type DeclaredFlag, fromCommandLine, recoverNpmFlags } from '../../../lib/cli/npm-flags.ts';

const whole = (word: string): boolean => /^\d+$/.test(word);
const CONSUME: readonly DeclaredFlag[] = [
  { name: 'max', value: true, accepts: whole },
  { name: 'until-end', value: false },
  { name: 'json', value: false },
];
const DEMO: readonly DeclaredFlag[] = [
  { name: 'items', value: true, accepts: whole },
  { name: 'priority', value: true, accepts: (word) => ['normal', 'high'].includes(word) },
  { name: 'json', value: false },
];

// The environments below are what npm 11.19 made of the command in the test's name.
describe('flags typed after "npm run SCRIPT" without "--"', () => {
  it('kafka:consume TOPIC from-beginning --max 5: npm expands --max to --maxsockets', () => {
    const argv = recoverNpmFlags(['analytics-events', 'from-beginning'], CONSUME, 2, { npm_config_maxsockets: '5' });
    expect(argv).toEqual(['analytics-events', 'from-beginning', '--max=5']);
  });

  it('demo --items 500 --json: the value is left among the words', () => {
    const argv = recoverNpmFlags(['500'], DEMO, 0, { npm_config_items: 'true', npm_config_json: 'true' });
    expect(argv).toEqual(['--json', '--items=500']);
  });

  it('demo --items=500', () => {
    expect(recoverNpmFlags([], DEMO, 0, { npm_config_items: '500' })).toEqual(['--items=500']);
  });

  it('demo --items 500 --priority high: each word goes to the flag that takes it', () => {
    const env = { npm_config_items: 'true', npm_config_priority: 'true' };
    expect(recoverNpmFlags(['500', 'high'], DEMO, 0, env)).toEqual(['--priority=high', '--items=500']);
  });

  it('streams:start --engine native: npm expands --engine to --engine-strict', () => {
    const flags = [{ name: 'engine', value: true, accepts: (word: string) => ['native', 'docker'].includes(word) }];
    expect(recoverNpmFlags(['native'], flags, 0, { npm_config_engine_strict: 'true' })).toEqual(['--engine=native']);
    expect(recoverNpmFlags([], flags, 0, { npm_config_engine_strict: 'true' })).toEqual([]);
  });

  it('kafka:delete-topic NAME --yes', () => {
    const flags = [{ name: 'yes', value: false }];
    expect(recoverNpmFlags(['t'], flags, 1, { npm_config_yes: 'true' })).toEqual(['t', '--yes']);
    // npm 11 hands on an empty npm_config_yes when nobody typed it.
    expect(recoverNpmFlags(['t'], flags, 1, { npm_config_yes: '' })).toEqual(['t']);
  });

  it('leaves flags alone that came through after "--"', () => {
    expect(recoverNpmFlags(['t', '--max', '3'], CONSUME, 2, { npm_config_max: '5' })).toEqual(['t', '--max', '3']);
  });

  it('takes no word that the command itself needs', () => {
    const flags = [{ name: 'headers', value: true }];
    expect(() => recoverNpmFlags(['t', '{"a":1}'], flags, 2, { npm_config_headers: 'true' })).toThrow(
      '--headers needs a value',
    );
  });

  it('says so when a word could belong to two flags', () => {
    const flags = [
      { name: 'one', value: true },
      { name: 'two', value: true },
    ];
    const env = { npm_config_one: 'true', npm_config_two: 'true' };
    expect(() => recoverNpmFlags(['a', 'b'], flags, 0, env)).toThrow('--one and --two');
  });
});

describe('settings from an .npmrc', () => {
  it('are not taken for typed flags', () => {
    const env = { npm_config_yes: 'true', npm_config_maxsockets: '5', npm_config_json: 'true' };
    const rc = '# mine\nyes=true\n  maxsockets = 5\n; json=true\n';
    expect(fromCommandLine(env, [rc])).toEqual({ npm_config_json: 'true' });
  });
});
