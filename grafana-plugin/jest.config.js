// force timezone to UTC to allow tests to work regardless of local timezone
// generally used by snapshots, but can affect specific tests
process.env.TZ = 'UTC';

const { grafanaESModules, nodeModulesToTransform } = require('./.config/jest/utils');

const scaffold = require('./.config/jest.config');

module.exports = {
  // Jest configuration provided by Grafana scaffolding
  ...scaffold,
  // jsdom has no workers, so their scripts are not needed
  moduleNameMapper: { ...scaffold.moduleNameMapper, '\\?worker$': 'identity-obj-proxy' },
  transformIgnorePatterns: [nodeModulesToTransform([...grafanaESModules, 'culori'])],
};
