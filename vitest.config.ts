import { defineConfig } from 'vitest/config';

const common = { testTimeout: 60_000, hookTimeout: 60_000 };

/**
 * Unit tests run side by side. Whatever measures a real platform runs alone afterwards: on two cores
 * a neighbour's load would be part of the measurement.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...common,
          name: 'unit',
          include: ['src/**/*.test.ts', 'fixtures/**/*.test.ts'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...common,
          name: 'platform',
          include: ['test/**/*.test.ts'],
          exclude: ['test/containers/**', 'test/kind/**'],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...common,
          // Needs a container engine; without one its tests are reported as skipped.
          name: 'containers',
          include: ['test/containers/**/*.test.ts'],
          fileParallelism: false,
          // The first test that needs an image builds it: up to four minutes from nothing.
          testTimeout: 300_000,
          hookTimeout: 600_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          ...common,
          // Needs kind, and an engine that has the node image; without them its tests are reported as skipped.
          name: 'kind',
          include: ['test/kind/**/*.test.ts'],
          fileParallelism: false,
          // A cluster is up within a minute on an idle machine, and rollouts wait for what runs beside it.
          testTimeout: 300_000,
          hookTimeout: 600_000,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
