import { bashScript } from './bash.ts';
import { fishScript } from './fish.ts';
import type { ScriptParts } from './script.ts';
import { zshScript } from './zsh.ts';

/** The shells there is a script for, and what makes it. */
export const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const satisfies Record<
  string,
  (parts: ScriptParts) => string
>;

export type Shell = keyof typeof SCRIPTS;
