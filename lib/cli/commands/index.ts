import type { Command } from 'commander';

/** A command: its file is loaded when it is called, so that `--help` and short commands start at once. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** npm script that calls it, when there is one. */
  readonly script?: string;
  readonly load: () => Promise<{ readonly define: (command: Command) => void }>;
}

/** Every command, in the order of `--help`. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'demo',
    summary: 'run a real batch of QR codes end to end; starts the stack if it is not up',
    script: 'demo',
    load: () => import('./demo.ts'),
  },
  {
    name: 'simulate',
    summary: 'a plausible day across all topics, and an account of every record; starts the stack if it is not up',
    script: 'simulate',
    load: () => import('./simulate.ts'),
  },
  {
    name: 'start',
    summary: 'bring the stack up: Kafka, Redis, schema registry, AWS emulator, functions',
    script: 'streams:start',
    load: () => import('./start.ts'),
  },
  {
    name: 'stop',
    summary: 'stop the stack; data stay unless --wipe',
    script: 'streams:stop',
    load: () => import('./stop.ts'),
  },
  {
    name: 'health',
    summary: 'the state of every service',
    script: 'streams:health',
    load: () => import('./health.ts'),
  },
  {
    name: 'logs',
    summary: 'the log of a service or a function',
    load: () => import('./logs.ts'),
  },
  {
    name: 'topics',
    summary: 'topics with partitions, retention and messages',
    script: 'streams:topics',
    load: () => import('./topics.ts'),
  },
  {
    name: 'describe-topic',
    summary: 'one topic: partitions, offsets, settings, event types',
    script: 'kafka:describe-topic',
    load: () => import('./describe-topic.ts'),
  },
  {
    name: 'create-topic',
    summary: 'make a topic',
    script: 'kafka:create-topic',
    load: () => import('./create-topic.ts'),
  },
  {
    name: 'delete-topic',
    summary: 'delete a topic and its records; asks first',
    script: 'kafka:delete-topic',
    load: () => import('./delete-topic.ts'),
  },
  {
    name: 'test-message',
    summary: 'publish one message, checked against the topic’s schema',
    script: 'kafka:test-message',
    load: () => import('./test-message.ts'),
  },
  {
    name: 'consume',
    summary: 'show the messages of a topic, Avro decoded',
    script: 'kafka:consume',
    load: () => import('./consume.ts'),
  },
  {
    name: 'groups',
    summary: 'consumer groups with members and lag',
    script: 'streams:groups',
    load: () => import('./groups.ts'),
  },
  {
    name: 'describe-group',
    summary: 'one group: members, and the offset and lag of each partition',
    load: () => import('./describe-group.ts'),
  },
  {
    name: 'reset-group',
    summary: 'move a group to other offsets of a topic; shows the plan first',
    load: () => import('./reset-group.ts'),
  },
  {
    name: 'batch',
    summary: 'the state of a batch of QR codes',
    load: () => import('./batch.ts'),
  },
  {
    name: 'audit',
    summary: 'check that the audit log is as it was written',
    load: () => import('./audit.ts'),
  },
  {
    name: 'dlq',
    summary: 'dead letters: what failed and why; put it back, park or purge it',
    load: () => import('./dlq/index.ts'),
  },
  {
    name: 'connectors',
    summary: 'Kafka Connect: what its connectors do; apply, pause, resume, restart or delete them',
    load: () => import('./connectors/index.ts'),
  },
  {
    name: 'hold',
    summary: 'legal holds: what neither sweeps nor erasures may delete',
    load: () => import('./hold.ts'),
  },
];
