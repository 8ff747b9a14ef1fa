// The pictures and the figures of the screen: no tests, but the same desk, browser and hands.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: { environment: 'node', include: ['browser/screens.ts', 'browser/bench.ts'], testTimeout: 600_000, hookTimeout: 300_000 },
})
