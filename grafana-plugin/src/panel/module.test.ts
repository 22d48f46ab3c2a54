import { config } from '@grafana/runtime';

import { locale } from '../language/language';
import { text } from './text';

test('the panel speaks the language of Grafana: it is built apart from the app and shares nothing with it', async () => {
  config.bootData = { ...config.bootData, user: { ...config.bootData?.user, language: 'zh-Hans' } } as never;
  await import('./module');
  expect(locale()).toBe('zh-Hans');
  expect(text.filterOut).toBe('排除此元素');
});
