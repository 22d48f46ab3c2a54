import { defineConfig } from 'eslint/config';
import regexp from 'eslint-plugin-regexp';
import baseConfig from './.config/eslint.config.mjs';

export default defineConfig([
  { ignores: ['coverage/', 'dist/', 'node_modules/', 'playwright-report/', 'test-results/', '.config/'] },
  ...baseConfig,
  {
    // patterns that a text from outside can make slow
    plugins: { regexp },
    rules: { 'regexp/no-super-linear-backtracking': 'error', 'regexp/no-super-linear-move': 'error' },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    rules: {
      '@typescript-eslint/no-deprecated': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
]);
