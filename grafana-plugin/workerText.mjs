// "x.ts?worker" is the script of a worker as text: both builds bundle it the same way, and it needs no address of its own,
// which Grafana would have to be asked for. Used by esbuild.mjs, and by webpack as a loader.

import { build } from 'esbuild';
import path from 'node:path';

const here = import.meta.dirname;

/** A worker's script, and the files that it is made of. */
export async function workerText(file) {
  const { outputFiles, metafile } = await build({
    entryPoints: [file],
    absWorkingDir: here,
    bundle: true,
    format: 'iife',
    target: ['es2022'],
    minify: true,
    charset: 'utf8',
    metafile: true,
    write: false,
    logLevel: 'warning',
  });
  return { text: outputFiles[0].text, files: Object.keys(metafile.inputs).map((one) => path.join(here, one)) };
}

/** For esbuild. */
export const workerAsText = {
  name: 'worker-as-text',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\?worker$/ }, ({ path: asked, resolveDir }) => ({
      path: path.join(resolveDir, `${asked.replace(/\?worker$/, '')}.ts`),
      namespace: 'worker',
    }));
    onLoad({ filter: /.*/, namespace: 'worker' }, async ({ path: file }) => ({
      contents: (await workerText(file)).text,
      loader: 'text',
    }));
  },
};

/** For webpack. */
export default async function loader() {
  const { text, files } = await workerText(this.resourcePath);
  files.forEach((file) => this.addDependency(file));
  return `export default ${JSON.stringify(text)};`;
}
