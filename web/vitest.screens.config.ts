// The pictures of every page: not a test, but the same desk, browser and hands.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: { environment: 'node', include: ['browser/screens.ts'], testTimeout: 600_000, hookTimeout: 300_000 },
})
