// The scaffold's build, plus the logo beside each nested plugin.json: the scaffold copies only the app's own.
import CopyWebpackPlugin from 'copy-webpack-plugin';
import type { Configuration } from 'webpack';
import { merge } from 'webpack-merge';
import grafanaConfig, { type Env } from './.config/webpack/webpack.config';

const config = async (env: Env): Promise<Configuration> =>
  merge(await grafanaConfig(env), {
    plugins: [
      new CopyWebpackPlugin({
        patterns: ['datasource', 'panel'].map((folder) => ({ from: 'img/logo.svg', to: `${folder}/img/logo.svg` })),
      }),
    ],
    performance: { hints: false },
  });

export default config;
