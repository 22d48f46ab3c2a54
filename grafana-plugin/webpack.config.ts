// The scaffold's build, plus the logo beside each nested plugin.json (the scaffold copies only the app's own), and style
// sheets as text: what is loaded lazily brings its own styles along. Scripts of workers are text, too.
import CopyWebpackPlugin from 'copy-webpack-plugin';
import path from 'node:path';
import type { Configuration, RuleSetRule } from 'webpack';
import { merge } from 'webpack-merge';
import grafanaConfig, { type Env } from './.config/webpack/webpack.config';

const AS_TEXT = /^\?text$/;
const WORKER = /^\?worker$/;

/** Webpack looks up exports of packages with the query still on the name, where no package has any. */
const WITH_QUERY = ['rrweb/dist/style.css'];

const MANIFESTS = ['', 'datasource/', 'panel/'].map((folder) => path.join(__dirname, 'src', folder, 'plugin.json'));

const config = async (env: Env): Promise<Configuration> => {
  const scaffold = await grafanaConfig(env);
  const sheets = scaffold.module?.rules?.find((rule) => String((rule as RuleSetRule).test) === '/\\.css$/');
  (sheets as RuleSetRule).resourceQuery = { not: [AS_TEXT] };
  const scripts = scaffold.module?.rules?.find((rule) => String((rule as RuleSetRule).test) === '/\\.[tj]sx?$/');
  (scripts as RuleSetRule).resourceQuery = { not: [WORKER] };
  return merge(scaffold, {
    resolve: { alias: Object.fromEntries(WITH_QUERY.map((name) => [name, require.resolve(name)])) },
    module: {
      rules: [
        { test: /\.css$/, resourceQuery: AS_TEXT, type: 'asset/source' },
        { resourceQuery: WORKER, loader: path.join(__dirname, 'workerText.mjs') },
      ],
    },
    plugins: [
      new CopyWebpackPlugin({
        patterns: ['datasource', 'panel'].map((folder) => ({ from: 'img/logo.svg', to: `${folder}/img/logo.svg` })),
      }),
    ],
    performance: { hints: false },
    // A changed plugin.json is not noticed by the cache of an earlier build, which would bring the old one back.
    cache: { type: 'filesystem', buildDependencies: { manifests: MANIFESTS } },
  });
};

export default config;
