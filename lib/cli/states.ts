import { colours } from './terminal.ts';

/** Words for states, and the colour they are told in. */
const STATES: Readonly<Record<string, (text: string) => string>> = {
  // Services
  healthy: colours.green,
  running: colours.green,
  starting: colours.yellow,
  unhealthy: colours.red,
  failed: colours.red,
  stopped: colours.red,
  // Consumer groups (Kafka's own names)
  Stable: colours.green,
  Empty: colours.dim,
  none: colours.dim,
  PreparingRebalance: colours.yellow,
  CompletingRebalance: colours.yellow,
  // Batches
  completed: colours.green,
  // Connectors and their tasks (Connect's own names)
  RUNNING: colours.green,
  PAUSED: colours.yellow,
  STOPPED: colours.yellow,
  RESTARTING: colours.yellow,
  UNASSIGNED: colours.yellow,
  FAILED: colours.red,
  // Dead letters
  open: colours.red,
  retrying: colours.yellow,
  redriven: colours.yellow,
  parked: colours.dim,
  discarded: colours.dim,
  done: colours.green,
};

export const stateOf = (state: string): string => (STATES[state] ?? ((text) => text))(state);
