import Bowser from 'bowser';
import { isbot } from 'isbot';
import { LRUCache } from 'lru-cache';

/** What a User-Agent header tells of who scanned. */
export interface Agent {
  readonly device: string;
  readonly os: string;
  readonly browser: string;
  readonly isBot: boolean;
}

/** A header says what its sender likes: longer ones tell nothing more. */
const LONGEST = 512;

const UNKNOWN: Agent = { device: 'unknown', os: 'unknown', browser: 'unknown', isBot: false };

/** The parser makes up names from headers it does not know; only those of its tables are counted. */
const BROWSERS: ReadonlySet<string> = new Set(Object.values(Bowser.BROWSER_MAP));
const SYSTEMS: ReadonlySet<string> = new Set(Object.values(Bowser.OS_MAP));
const DEVICES: ReadonlySet<string> = new Set(['mobile', 'tablet', 'desktop', 'tv']);

const known = (names: ReadonlySet<string>, name: string | undefined): string =>
  name === undefined ? 'unknown' : names.has(name) ? name : 'other';

/** The same few thousand headers come again and again. */
const parsed = new LRUCache<string, Agent>({ max: 5_000 });

/** @param header the User-Agent header; without one nothing is known, and nobody is taken for a bot */
export const agentOf = (header: string | null): Agent => {
  const text = header?.trim().slice(0, LONGEST) ?? '';
  if (text === '') return UNKNOWN;
  const before = parsed.get(text);
  if (before !== undefined) return before;
  const agent = parse(text);
  parsed.set(text, agent);
  return agent;
};

const parse = (text: string): Agent => {
  const { browser, os, platform } = Bowser.parse(text);
  return {
    device: known(DEVICES, platform.type),
    os: known(SYSTEMS, os.name),
    browser: known(BROWSERS, browser.name),
    isBot: isbot(text),
  };
};
