// End-to-end tests against the Grafana that GRAFANA_URL names; without it every test is reported as not run.
import type { PluginOptions } from '@grafana/plugin-e2e';
import { defineConfig, devices } from '@playwright/test';
import { dirname } from 'node:path';

const pluginE2eAuth = `${dirname(require.resolve('@grafana/plugin-e2e'))}/auth`;
const grafanaUrl = process.env.GRAFANA_URL;
const browser = process.env.CHROMIUM_PATH
  ? {
      launchOptions: {
        executablePath: process.env.CHROMIUM_PATH,
        args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
      },
    }
  : {};

export default defineConfig<PluginOptions>({
  testDir: './e2e',
  timeout: 120_000, // a Grafana on a busy machine loads slowly; nothing here measures time
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list']],
  use: { baseURL: grafanaUrl, trace: 'retain-on-failure', ...browser },
  projects: grafanaUrl
    ? [
        { name: 'auth', testDir: pluginE2eAuth, testMatch: [/.*\.js/] },
        {
          name: 'chromium',
          use: { ...devices['Desktop Chrome'], storageState: 'playwright/.auth/admin.json' },
          dependencies: ['auth'],
        },
      ]
    : [{ name: 'without Grafana' }],
});
