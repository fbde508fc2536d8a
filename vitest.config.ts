import { defineConfig } from 'vitest/config';

/**
 * Four suites, one after the other, so that none takes the processors from another. `npm test` runs the first three; the Docker suite has a script of its own (`npm run test:docker`), because it
 * builds images where no registry is within reach.
 */
export default defineConfig({
  test: {
    // AWS announces the end of Node 20 support on every client; the message would drown the test output.
    env: { NODE_NO_WARNINGS: '1' },
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], sequence: { groupOrder: 0 } } },
      {
        test: {
          name: 'integration',
          sequence: { groupOrder: 1 },
          include: ['test/integration/**/*.test.ts'],
          globalSetup: ['test/stack.setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
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
    ],
  },
});
