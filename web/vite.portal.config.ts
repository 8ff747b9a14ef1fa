// How the buyer's page is built: a bundle of its own for phones and the web views of chat apps, within its budget.
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { defineConfig, type Plugin } from 'vite'

/** Bytes of everything the page loads, compressed. */
const BUDGET = 50 * 1024

/** Old web views know no cascade layers; the page has one sheet of rules, so its variables need none. */
const withoutLayer: Plugin = {
  name: 'without-layer',
  enforce: 'pre',
  transform: (code, id) =>
    id.endsWith('/styles/tokens.css') ? code.replace(/^@layer tokens \{/, '').replace(/\}\s*$/, '') : undefined,
}

/** The build fails when the page has grown over its budget. */
const within: Plugin = {
  name: 'portal-budget',
  generateBundle(_, bundle) {
    const sizes = Object.values(bundle).map((it) => gzipSync(it.type === 'chunk' ? it.code : it.source, { level: 9 }).length)
    const sum = sizes.reduce((sum, size) => sum + size, 0)
    console.log(`portal: ${(sum / 1024).toFixed(1)} KB compressed of ${BUDGET / 1024}`)
    if (sum > BUDGET) this.error(`the portal weighs ${sum} bytes compressed, more than ${BUDGET}`)
  },
}

export default defineConfig({
  plugins: [withoutLayer, within],
  publicDir: false,
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    target: 'es2019',
    cssTarget: 'chrome66',
    emptyOutDir: false,
    sourcemap: false,
    assetsInlineLimit: 0,
    modulePreload: false,
    rollupOptions: { input: fileURLToPath(new URL('./portal.html', import.meta.url)) },
  },
})
