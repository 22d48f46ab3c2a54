// Bundles the stand-alone page into backend/isotherm/static: index.html, and hashed files below assets/.

import { build } from 'esbuild';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { fileURLToPath } from 'node:url';

import { oneFile } from './oneFile.mjs';
import { workerAsText } from './workerText.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.join(here, '../backend/isotherm/static');
const assets = path.join(out, 'assets');
const packages = path.join(here, 'node_modules');
const require = createRequire(import.meta.url);

// What Grafana's components import, and this page can do without: a phone would wait for it.
const slim = {
  name: 'slim',
  setup({ onResolve }) {
    const inPlace = (file) => () => ({ path: path.join(here, 'src/standalone/slim', file), sideEffects: false });
    onResolve({ filter: /^@grafana\/i18n$/ }, inPlace('i18n.tsx'));
    onResolve({ filter: /^@grafana\/e2e-selectors$/ }, inPlace('selectors.ts'));
    // Zone data of ten years instead of all history.
    onResolve({ filter: /^moment-timezone$/ }, () => ({
      path: require.resolve('moment-timezone/builds/moment-timezone-with-data-10-year-range.js'),
    }));
  },
};

// Only what is used of lodash: @grafana/data and @grafana/ui import from the package that can only be had whole.
const smallLodash = {
  name: 'small-lodash',
  setup({ onResolve }) {
    onResolve({ filter: /^lodash$/ }, ({ kind }) =>
      kind === 'import-statement' ? { path: require.resolve('lodash-es'), sideEffects: false } : undefined
    );
  },
};

// The sheets of packages belong to components that are not used here (editors, calendars, plots): 15 kB for nothing.
const noSheets = {
  name: 'no-sheets',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\.css$/ }, ({ path: asked }) => ({ path: asked, namespace: 'no-sheet', sideEffects: false }));
    onLoad({ filter: /.*/, namespace: 'no-sheet' }, () => ({ contents: '', loader: 'js' }));
  },
};

// "x.css?text" is the sheet as text: what is loaded lazily brings its own styles along.
const cssAsText = {
  name: 'css-as-text',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\.css\?text$/ }, ({ path: asked }) => ({
      path: require.resolve(asked.replace(/\?text$/, '')),
      namespace: 'css-text',
    }));
    onLoad({ filter: /.*/, namespace: 'css-text' }, async ({ path: file }) => ({
      contents: await readFile(file, 'utf8'),
      loader: 'text',
    }));
  },
};

/** The icons whose names stand in quotes anywhere in the pages, by their files: a few more than are shown, and no list to be kept. */
async function namedIcons() {
  const folder = path.join(packages, '@grafana/ui/dist/public/img/icons/unicons');
  const known = new Set((await readdir(folder)).map((file) => path.parse(file).name));
  const named = new Set();
  for (const file of await readdir(path.join(here, 'src'), { recursive: true })) {
    if (/^(workspace|library|standalone)\/[^.]+\.tsx?$/.test(file)) {
      const source = await readFile(path.join(here, 'src', file), 'utf8');
      const words = [...source.matchAll(/['"]([a-z-]+)['"]/g)].map(([, word]) => word);
      words.filter((word) => known.has(word)).forEach((word) => named.add(word));
    }
  }
  const svg = (name) => readFile(path.join(folder, `${name}.svg`), 'utf8');
  const files = [...named].sort().map(async (name) => [`unicons/${name}.svg`, await svg(name)]);
  return Object.fromEntries(await Promise.all(files));
}

/** Fonts by the names that @grafana/ui asks for. */
const FONTS = {
  'inter/Inter-Regular.woff2': '@fontsource/inter/files/inter-latin-400-normal.woff2',
  'inter/Inter-Medium.woff2': '@fontsource/inter/files/inter-latin-500-normal.woff2',
  'inter/Inter-Italic.woff2': '@fontsource/inter/files/inter-latin-400-italic.woff2',
  'inter/Inter-MediumItalic.woff2': '@fontsource/inter/files/inter-latin-500-italic.woff2',
  'roboto/L0xTDF4xlVMF-BfR8bXMIhJHg45mwgGEFl0_3vrtSM1J-gEPT5Ese6hmHSh0mQ.woff2':
    '@fontsource/roboto-mono/files/roboto-mono-latin-400-normal.woff2',
};

await rm(out, { recursive: true, force: true });
await mkdir(assets, { recursive: true });

const common = {
  outdir: assets,
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  bundle: true,
  target: ['es2022'],
  minify: true,
  charset: 'utf8',
  metafile: true,
  write: false,
  logLevel: 'warning',
};
const page = await build({
  ...common,
  entryPoints: [path.join(here, 'src/standalone/main.tsx')],
  splitting: true,
  format: 'esm',
  jsx: 'automatic',
  legalComments: 'linked',
  define: {
    'process.env.NODE_ENV': '"production"',
    global: 'globalThis',
    ISOTHERM_ICONS: JSON.stringify(await namedIcons()),
  },
  loader: { '.svg': 'file', '.png': 'file', '.woff2': 'file', '.ttf': 'file' },
  plugins: [slim, smallLodash, noSheets, cssAsText, workerAsText],
});
const { main, files } = await oneFile(page, 'standalone/main.tsx');
const preload = await build({ ...common, entryPoints: [path.join(here, 'src/standalone/preload.ts')], format: 'iife' });
const [first] = preload.outputFiles;
files.set(path.basename(first.path), first.text);

for (const [name, text] of files) {
  await writeFile(path.join(assets, name), text);
}
const template = await readFile(path.join(here, 'src/standalone/index.html'), 'utf8');
const scripts = `<script src="assets/${path.basename(first.path)}"></script>
    <script type="module" src="assets/${main}"></script>`;
await writeFile(path.join(out, 'index.html'), template.replace('<!-- assets -->', scripts));

await cp(path.join(packages, '@grafana/ui/dist/public/img/icons'), path.join(assets, 'grafana/build/img/icons'), {
  recursive: true,
});
for (const [to, from] of Object.entries(FONTS)) {
  await cp(path.join(packages, from), path.join(assets, 'grafana/fonts', to));
}
await cp(path.join(here, 'src/img/logo.svg'), path.join(assets, 'logo.svg'));

// Compressed once here and as far as it goes, instead of for every visitor. The server sends x.br or x.gz for x.
const [brotli, deflate] = [promisify(brotliCompress), promisify(gzip)];
const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
for (const file of await readdir(assets, { recursive: true })) {
  if (/\.(js|css|svg|ttf)$/.test(file)) {
    const plain = await readFile(path.join(assets, file));
    const packed = plain.length < 1024 ? [] : await Promise.all([brotli(plain, quality), deflate(plain, { level: 9 })]);
    for (const [i, bytes] of packed.entries()) {
      await writeFile(path.join(assets, file + ['.br', '.gz'][i]), bytes);
    }
  }
}

if (process.argv.includes('--sizes')) {
  const sizes = [...files].map(([name, text]) => [Buffer.byteLength(text), name]).sort(([a], [b]) => b - a);
  console.log(
    sizes
      .slice(0, 20)
      .map(([bytes, name]) => `${Math.round(bytes / 1000)} kB  ${name}`)
      .join('\n')
  );
}
