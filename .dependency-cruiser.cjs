/** The rooms of the design, bottom first: a module imports from its own room and from those it may see, nothing else. */
const MAY_SEE = {
  catalog: [],
  batches: ['catalog'],
  // The only module that knows the client of Kafka.
  kafka: [],
  events: ['kafka', 'catalog'],
  stores: ['catalog'],
  scheduler: ['events', 'stores', 'catalog'],
  idempotency: ['events', 'stores', 'catalog'],
  consumer: ['idempotency', 'scheduler', 'events', 'stores', 'catalog'],
  functions: ['catalog'],
  operations: ['idempotency', 'scheduler', 'events', 'kafka', 'stores', 'catalog'],
  local: ['functions', 'operations', 'events', 'kafka', 'stores', 'catalog'],
  infra: ['functions', 'events', 'catalog'],
  // It reads the templates that infra's app has written; it never sees the stacks themselves.
  deploy: ['functions', 'events', 'catalog'],
  // What browsers are told as it happens; served by the console locally and by a service of its own in AWS.
  updates: ['events', 'stores', 'catalog'],
  console: ['updates', 'local', 'operations', 'batches', 'events', 'kafka', 'stores', 'catalog'],
  cli: ['console', 'updates', 'deploy', 'local', 'operations', 'functions', 'events', 'kafka', 'stores', 'catalog'],
};

/** Modules directly under lib/ that every room may use. */
const GROUND = '^lib/[^/]+\\.ts$';

const roomRules = Object.entries(MAY_SEE).map(([room, below]) => ({
  name: `lib-${room}-imports-downwards`,
  comment: `lib/${room} may import from: itself, ${[...below, 'the files directly under lib/'].join(', ')}`,
  severity: 'error',
  from: { path: `^lib/${room}/` },
  to: {
    path: '^(lib|handlers|bin)/',
    pathNot: [
      GROUND,
      ...[room, ...below].map((name) => `^lib/${name}/`),
      // The command line reads a handler's state through its read model, never its other modules.
      ...(room === 'cli' || room === 'console' ? ['^handlers/[^/]+/[^/]+-state\\.ts$'] : []),
    ],
  },
}));

module.exports = {
  forbidden: [
    ...roomRules,
    {
      name: 'ground-stands-alone',
      severity: 'error',
      from: { path: GROUND },
      to: { path: '^(lib/[^/]+/|handlers/|bin/)' },
    },
    {
      name: 'handlers-import-downwards',
      comment: 'Handlers hold domain code: the harness, events, stores and the catalog are all they see.',
      severity: 'error',
      from: { path: '^handlers/([^/]+)/' },
      to: {
        path: '^(lib|handlers|bin)/',
        pathNot: [
          GROUND,
          '^lib/(consumer|idempotency|events|kafka|stores|batches|catalog)/',
          '^handlers/$1/',
          // Erasure goes through the places that all handlers declare.
          '^handlers/[^/]+/places\\.ts$',
        ],
      },
    },
    {
      name: 'kafka-through-one-module',
      comment: 'Whatever reads or writes Kafka does so through lib/kafka, where the faults of kafkajs are cured.',
      severity: 'error',
      from: { path: '^(lib|handlers|bin)/', pathNot: '^lib/kafka/' },
      to: { path: 'node_modules/kafkajs/' },
    },
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-dev-packages-in-product',
      severity: 'error',
      from: { path: '^(lib|handlers|bin)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '@types' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      conditionNames: ['node', 'import', 'require', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    },
  },
};
