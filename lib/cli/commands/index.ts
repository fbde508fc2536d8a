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
    name: 'ui',
    summary: 'open the console page, Kafka UI or Redis Commander in the browser',
    script: 'streams:ui',
    load: () => import('./ui.ts'),
  },
  {
    name: 'logs',
    summary: 'the log of a service or a function',
    load: () => import('./logs.ts'),
  },
  {
    name: 'topics',
    summary: 'topics with partitions, retention and messages; drift from the catalog, and how it is mended',
    script: 'streams:topics',
    load: () => import('./topics/index.ts'),
  },
  {
    name: 'describe-topic',
    summary: 'one topic: partitions, sizes, settings, groups, rate of publishing',
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
    summary: 'publish messages, checked against the topic’s schema, and see what becomes of them',
    script: 'kafka:test-message',
    load: () => import('./test-message.ts'),
  },
  {
    name: 'consume',
    summary: 'show the messages of a topic, Avro decoded; by key, content, time or partition',
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
    name: 'lag',
    summary: 'how far behind every group is, in messages and in time; live with --watch',
    load: () => import('./lag.ts'),
  },
  {
    name: 'trace',
    summary: 'every event, consumer, dead letter and log line of one request, in time order',
    load: () => import('./trace.ts'),
  },
  {
    name: 'schemas',
    summary: 'schemas in the registry: list, show, compare, check for what breaks readers, register',
    load: () => import('./schemas/index.ts'),
  },
  {
    name: 'batch',
    summary: 'the state of a batch of QR codes',
    load: () => import('./batch.ts'),
  },
  {
    name: 'updates',
    summary: 'what a user is told as it happens: watch it, or make a token to read it',
    load: () => import('./updates/index.ts'),
  },
  {
    name: 'audit',
    summary: 'check that the audit log is as it was written',
    load: () => import('./audit.ts'),
  },
  {
    name: 'dlq',
    summary: 'dead letters: what failed and why; put it back, park, discard or export it',
    load: () => import('./dlq/index.ts'),
  },
  {
    name: 'capacity',
    summary: 'brokers, pollers, functions, cache and dollars for a load, and which limit binds first',
    script: 'capacity',
    load: () => import('./capacity.ts'),
  },
  {
    name: 'backup',
    summary: 'copy topics, offsets, schemas, Redis and objects; list and verify such copies',
    load: () => import('./backup/index.ts'),
  },
  {
    name: 'restore',
    summary: 'put a backup back into an empty or other stack; asks first',
    load: () => import('./restore.ts'),
  },
  {
    name: 'repair',
    summary: 'replay what the cache has lost, after a failover or with a backup; shows the plan first',
    load: () => import('./repair.ts'),
  },
  {
    name: 'connectors',
    summary: 'Kafka Connect: what its connectors do; apply, pause, resume, restart or delete them',
    load: () => import('./connectors/index.ts'),
  },
  {
    name: 'redis',
    summary: 'Redis: its streams and their entries, and what its memory is spent on',
    load: () => import('./redis/index.ts'),
  },
  {
    name: 'history',
    summary: 'scans that are out of the cache: move there what an earlier version kept in it',
    load: () => import('./history/index.ts'),
  },
  {
    name: 'hold',
    summary: 'legal holds: what neither sweeps nor erasures may delete',
    load: () => import('./hold.ts'),
  },
  {
    name: 'completion',
    summary: 'a script for bash, zsh or fish that completes commands, flags, topics and groups',
    load: async () => {
      const { define } = await import('./completion.ts');
      return { define: (command) => define(command, COMMANDS) };
    },
  },
];
