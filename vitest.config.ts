import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// The stack for the tests is started by this process itself; there too nobody wants the message of every AWS client.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
// Stacks of tests ask nobody outside of this machine for the records of domains; nothing answers at this port.
process.env.QR_DNS_SERVERS ??= '127.0.0.1:9';

/** Codecs come as WebAssembly: as bytes, as the bundler of the functions puts them in. */
const wasm = {
  name: 'wasm-as-bytes',
  enforce: 'pre',
  load: async (id: string) =>
    id.endsWith('.wasm')
      ? `export default Uint8Array.from(Buffer.from('${(await readFile(id)).toString('base64')}', 'base64'))`
      : undefined,
} as const;
const inline = { deps: { inline: [/\.wasm$/] } };

/**
 * Suites, one after the other, so that none takes the processors from another. `npm test` runs the first three; the
 * others have scripts of their own: `npm run test:docker` builds images where no registry is within reach,
 * `npm run test:connect` starts stacks with Kafka Connect of its own, and `npm run test:faults:batches` takes minutes,
 * because it kills and starts what it tests. (`npm run test:faults` is a program of its own, test/faults/campaign.)
 */
export default defineConfig({
  test: {
    // Both processors of a small machine; as many as there are less one is what it would be.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    minWorkers: 1,
    // AWS announces the end of Node 20 support on every client; the message would drown the test output.
    env: {
      NODE_NO_WARNINGS: '1',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      // The emulator takes any; the SDK wants some.
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      // What handlers say while they are made to fail is not the tests' output.
      POWERTOOLS_LOG_LEVEL: 'SILENT',
      POWERTOOLS_METRICS_DISABLED: 'true',
    },
    projects: [
      {
        plugins: [wasm],
        test: {
          name: 'unit',
          server: inline,
          include: ['test/unit/**/*.test.ts'],
          // Properties are tried on a hundred values each; on a busy machine that is more than the usual five seconds.
          testTimeout: 30_000,
          sequence: { groupOrder: 0 },
          // Modules are loaded once a process: to load CDK takes longer than the tests of it.
          poolOptions: { forks: { isolate: false } },
        },
      },
      {
        plugins: [wasm],
        test: {
          name: 'integration',
          server: inline,
          sequence: { groupOrder: 1 },
          include: ['test/integration/**/*.test.ts'],
          globalSetup: ['test/stack.setup.ts', 'test/python.setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // As in unit: the clients of AWS are loaded once, not for each of a hundred files.
          poolOptions: { forks: { singleFork: true, isolate: false } },
        },
      },
      {
        test: {
          name: 'e2e',
          sequence: { groupOrder: 2 },
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/stack.setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          // Two files at a time, as two people who use one stack: what a command waits for is seldom the processor.
        },
      },
      {
        test: {
          name: 'stacks',
          sequence: { groupOrder: 7 },
          include: ['test/stacks/**/*.test.ts'],
          // One runs beside the stack of everybody, to see that neither knows of the other.
          globalSetup: ['test/stack.setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          poolOptions: { forks: { singleFork: true } },
        },
      },
      {
        test: {
          name: 'faults',
          sequence: { groupOrder: 4 },
          include: ['test/faults/**/*.test.ts'],
          globalSetup: ['test/packages.setup.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          poolOptions: { forks: { singleFork: true } },
        },
      },
      {
        test: {
          name: 'connect',
          sequence: { groupOrder: 5 },
          include: ['test/connect/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 900_000,
          poolOptions: { forks: { singleFork: true } },
        },
      },
      // What clients of others write, read by everything here; `npm run test:readers`.
      {
        plugins: [wasm],
        test: {
          name: 'readers',
          server: inline,
          sequence: { groupOrder: 9 },
          include: ['test/readers/**/*.test.ts'],
          globalSetup: ['test/packages.setup.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          poolOptions: { forks: { singleFork: true } },
        },
      },
      {
        test: {
          name: 'docker',
          sequence: { groupOrder: 3 },
          include: ['test/docker/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 900_000,
          poolOptions: { forks: { singleFork: true } },
        },
      },
      // A browser (Debian's chromium, or QR_CHROMIUM) drives the console page of the stack; `npm run test:browser`.
      {
        test: {
          name: 'browser',
          sequence: { groupOrder: 8 },
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/stack.setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          poolOptions: { forks: { singleFork: true } },
        },
      },
      // The stacks in the emulator of AWS, by the command line of CDK: a minute, and a script of its own, `npm run test:aws`.
      {
        test: {
          name: 'aws',
          sequence: { groupOrder: 6 },
          include: ['test/aws/**/*.test.ts'],
          globalSetup: ['test/stack.setup.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
