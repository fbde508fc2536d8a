import type { Activity } from './activity.ts';
import { BOOKKEEPING } from './bookkeeping.ts';
import { DOMAIN_KEYS } from './domain-keys.ts';
import { KEY_GROUPS, type KeyGroup, type KeyKind, type Size, together } from './kind.ts';
import { SCAN_KEYS } from './scan-keys.ts';

export type { Activity, Population, ScanStyle, WindowName, Windows } from './activity.ts';
export { type History, historyOf } from './history.ts';
export { KEY_GROUPS, type KeyGroup, type KeyKind, type Size } from './kind.ts';
export { type CacheLoad, type NodesPlan, nodesPlan, type ServerlessPlan, serverlessPlan } from './plans.ts';
export { SIMULATED_ID_LENGTH, SIMULATED_STYLE } from './simulated.ts';
export { type LoadQuestion, type UsualLoad, usualLoad } from './usual.ts';

/** Every kind of key there is. */
export const KEY_KINDS: readonly KeyKind[] = [...BOOKKEEPING, ...SCAN_KEYS, ...DOMAIN_KEYS];

/** The kind a key is of; undefined for one that nobody has counted yet. */
export const kindOfKey = (key: string): KeyKind | undefined => KEY_KINDS.find(({ pattern }) => pattern.test(key));

export interface KindSize extends Size {
  readonly kind: KeyKind;
}

export interface GroupSize extends Size {
  readonly group: KeyGroup;
}

/** What each kind of key takes of the cache. */
export const kindSizes = (activity: Activity, kinds: readonly KeyKind[] = KEY_KINDS): readonly KindSize[] =>
  kinds.map((kind) => ({ kind, ...kind.size(activity) }));

/** The same of their groups. */
export const groupSizes = (sizes: readonly KindSize[]): readonly GroupSize[] =>
  KEY_GROUPS.map((group) => ({ group, ...together(sizes.filter(({ kind }) => kind.group === group)) }));
