// A build that splits makes a file for each set of pages that shares something: the first screen comes in thirty, and a
// phone waits a round trip for every six. Here those that the entry needs become one; the other files import from it.

import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import path from 'node:path';

const sha = (text) => createHash('sha256').update(text).digest('hex').slice(0, 8).toUpperCase();

/** The file, and what it imports, and what that imports. */
function closure(file, outputs, found = new Set()) {
  if (!found.has(file)) {
    found.add(file);
    const needed = outputs[file].imports.filter(({ kind }) => kind === 'import-statement');
    needed.forEach((one) => closure(one.path, outputs, found));
  }
  return found;
}

/** Scripts of a build in memory by name, and what else it wrote; `main` is the name of the one that starts the page. */
export async function oneFile({ outputFiles, metafile: { outputs } }, entryPoint) {
  const isText = ({ path: file }) => /\.(js|txt)$/.test(file);
  const texts = new Map(outputFiles.filter(isText).map((file) => [path.basename(file.path), file.text]));
  const assets = outputFiles.filter((file) => !isText(file)).map((file) => [path.basename(file.path), file.contents]);
  const entry = Object.keys(outputs).find((file) => outputs[file].entryPoint?.endsWith(entryPoint));
  const main = path.basename(entry);
  const joined = [...closure(entry, outputs)].map((file) => ({
    name: path.basename(file),
    exports: outputs[file].exports,
  }));
  const place = new Map(joined.map(({ name }, at) => [name, at]));

  // Each export under a name of its own, for the other files.
  const all = joined.map(({ name, exports }, at) => {
    const named = exports.map((one) => `${one} as j${at}_${one}`);
    return `export { ${named.join(', ')} } from './${name}';`;
  });
  const inMemory = {
    name: 'in-memory',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\.\// }, ({ path: asked }) => {
        const name = asked.slice(2);
        return place.has(name) ? { path: name, namespace: 'built' } : { path: asked, external: true };
      });
      onLoad({ filter: /.*/, namespace: 'built' }, ({ path: name }) => ({ contents: texts.get(name) }));
    },
  };
  const result = await build({
    stdin: { contents: [`import './${main}';`, ...all].join('\n') },
    bundle: true,
    format: 'esm',
    target: ['es2022'],
    minify: true,
    charset: 'utf8',
    legalComments: 'none',
    write: false,
    plugins: [inMemory],
    logLevel: 'warning',
  });

  const others = [...texts].filter(([name]) => !place.has(name.replace('.LEGAL.txt', '')));
  const legal = joined.map(({ name }) => texts.get(`${name}.LEGAL.txt`) ?? '').join('\n');
  const files = new Map([
    ...others.map(([name, text]) => [name, name.endsWith('.js') ? fromMain(text, main, place) : text]),
    [main, `${result.outputFiles[0].text}/*! For license information please see ${main}.LEGAL.txt */\n`],
    [`${main}.LEGAL.txt`, legal],
  ]);

  // The files name each other, so each name depends on all of them: what is kept for ever never fits to other files.
  const state = sha([...texts.keys()].sort().join());
  const names = [...files.keys()].filter((name) => name.endsWith('.js'));
  const renamed = new Map(names.map((name) => [name, name.replace(/[A-Z0-9]{8}\.js$/, `${sha(name + state)}.js`)]));
  const known = new RegExp(names.map((name) => name.replaceAll('.', '\\.')).join('|'), 'g');
  const rename = (text) => text.replace(known, (name) => renamed.get(name));
  return {
    main: rename(main),
    files: new Map([...assets, ...[...files].map(([name, text]) => [rename(name), rename(text)])]),
  };
}

/** A file with what it imports from the joined ones imported from `main`. */
function fromMain(text, main, place) {
  const moved = text.replace(/\bimport\s*(?:\{([^{}]*)\}\s*from\s*)?"\.\/([\w.-]+)"/g, (whole, names, file) => {
    const at = place.get(file);
    if (at === undefined) {
      return whole;
    }
    const list = (names ?? '').split(',').filter((one) => one.trim());
    return names === undefined
      ? `import"./${main}"`
      : `import{${list.map((one) => `j${at}_${one.trim()}`.replace(/^(\S+)$/, `$1 as ${one.trim()}`)).join(',')}}from"./${main}"`;
  });
  const left = [...place.keys()].find((name) => name !== main && moved.includes(name));
  if (left) {
    throw new Error(`A file imports ${left} in a way that is not understood.`);
  }
  return moved;
}
