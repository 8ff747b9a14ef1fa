// The browser tests: the real program, a real Chromium, one world per file.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    environment: 'node',
    include: ['browser/**/*.test.ts'],
    fileParallelism: false,
    // A world is four processes and most of its time is waiting.
    maxConcurrency: 3,
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
})
