/// <reference types="vitest/config" />
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

// Two applications from one source: the dashboard under /app, the till under /scan. The server serves what is built
// from passerelle/entry/webapp; in development Vite passes calls on to a server on port 8000.
export default defineConfig({
  base: '/assets/app/',
  plugins: [react(), packed(here('../passerelle/entry/webapp'))],
  resolve: { alias: { '@': here('./src') } },
  build: {
    outDir: here('../passerelle/entry/webapp'),
    emptyOutDir: true,
    assetsDir: '.',
    sourcemap: false,
    rolldownOptions: { input: { app: here('./app.html') } },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8000', '/images': 'http://127.0.0.1:8000' } },
  test: { environment: 'happy-dom', globals: false, setupFiles: [here('./src/testing/setup.ts')] },
});
