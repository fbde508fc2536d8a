import { type Settings, settingsFrom } from '../../lib/settings.ts';
import { type Authority, openAuthority } from './authority.ts';
import { type Lookups, openLookups } from './lookups.ts';

/** What these handlers talk to beside the stores. */
export interface Ports {
  readonly lookups: Lookups;
  readonly authority: Authority;
  /** The name users' domains are to point to. */
  readonly target: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** @param settings where they are; by the environment unless given */
export const openPorts = (settings: Settings = settingsFrom()): Ports => ({
  lookups: openLookups(settings.dnsServers),
  authority: openAuthority(settings),
  target: settings.domainTarget,
  now: Date.now,
});
