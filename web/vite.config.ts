/// <reference types="vitest/config" />
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';

import react from '@vitejs/plugin-react';
import { type Plugin, defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Packs every file once, at build time; the server hands out what a browser accepts. */
function packed(folder: string): Plugin {
  return {
    name: 'packed',
    apply: 'build',
    async closeBundle() {
      const names = (await readdir(folder)).filter((name) => /\.(js|css|html|wasm|json|svg)$/.test(name));
      await Promise.all(
        names.map(async (name) => {
          const content = await readFile(`${folder}/${name}`);
          await writeFile(`${folder}/${name}.br`, await promisify(brotliCompress)(content));
          await writeFile(`${folder}/${name}.gz`, await promisify(gzip)(content, { level: 9 }));
        }),
      );
    },
  };
}

const WORKER = 'scan-worker';
const BASE = '/assets/app/';
// Texts of the dashboard are of no use at the till, and other tills are set up with a network.
const NOT_KEPT = /\/features\/(?!scanner\/|signin\/)[^/]+\/locales\/|\/scanner\/input\/writer/;

/** Tells the till's service worker what to keep: the page's code and all that it may load later. */
function keptOffline(): Plugin {
  return {
    name: 'kept-offline',
    apply: 'build',
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
      const files = new Set<string>();
      const reach = (name: string) => {
        const chunk = chunks.find((one) => one.fileName === name);
        if (!chunk || files.has(name) || NOT_KEPT.test(chunk.facadeModuleId ?? '')) return;
        files.add(name);
        chunk.viteMetadata?.importedCss.forEach((css) => files.add(css));
        chunk.viteMetadata?.importedAssets.forEach((asset) => files.add(asset));
        [...chunk.imports, ...chunk.dynamicImports].forEach(reach);
      };
      const page = chunks.find((one) => one.isEntry && one.name === 'scan');
      const worker = chunks.find((one) => one.isEntry && one.name === WORKER);
      if (!page || !worker) throw new Error('The till has no page or no worker.');
      reach(page.fileName);
      const paths = [...files].sort().map((name) => `${BASE}${name}`);
      const version = createHash('sha256').update(paths.join()).update(readFileSync(here('./scan.html'))).digest('hex').slice(0, 16);
      if (!worker.code.includes('__KEPT_OFFLINE__')) throw new Error('The worker has no place for its list.');
      worker.code = worker.code.replace(/["'`]__KEPT_OFFLINE__["'`]/, JSON.stringify(JSON.stringify({ version, paths })));
    },
  };
}

// Two applications from one source: the dashboard under /app, the till under /scan. The server serves what is built
// from passerelle/entry/webapp; in development Vite passes calls on to a server on port 8000.
export default defineConfig({
  base: BASE,
  plugins: [react(), keptOffline(), packed(here('../passerelle/entry/webapp'))],
  resolve: { alias: { '@': here('./src') } },
  build: {
    outDir: here('../passerelle/entry/webapp'),
    emptyOutDir: true,
    assetsDir: '.',
    sourcemap: false,
    rolldownOptions: {
      input: {
        app: here('./app.html'),
        scan: here('./scan.html'),
        [WORKER]: here('./src/app/scanner/worker/worker.ts'),
      },
      // The worker's address must stay; everything else is named by its content.
      output: { entryFileNames: (chunk) => (chunk.name === WORKER ? `${WORKER}.js` : '[name]-[hash].js') },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8000', '/images': 'http://127.0.0.1:8000' } },
  test: { environment: 'happy-dom', globals: false, setupFiles: [here('./src/testing/setup.ts')] },
});
