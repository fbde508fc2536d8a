import type { OnProgress } from './progress.ts';
import type { Service } from './services/index.ts';

export const ENGINE_NAMES = ['native', 'docker'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

/**
 * - `running`: its process or container is there; whether it answers is another question
 * - `died`: it was started and is gone
 * - `stopped`: it was not started, or was stopped
 */
export type RunState = 'running' | 'died' | 'stopped';

/** What runs the services of a stack. All of it can be done twice without harm. */
export interface Engine {
  readonly name: EngineName;
  /** Downloads what services need and is missing. */
  fetch(services: readonly Service[], onProgress: OnProgress): Promise<void>;
  /** Starts services that do not run; does not wait until they answer. */
  start(services: readonly Service[]): Promise<void>;
  state(service: Service): Promise<RunState>;
  /** Stops all services and waits until they are gone. */
  stop(): Promise<void>;
  /** Deletes what the services have stored; they are stopped. */
  wipe(): Promise<void>;
  /** File with the log of a service, brought up to date; with `follow` it is kept so until that signal. */
  logFile(service: Service, follow?: AbortSignal): Promise<string>;
}
