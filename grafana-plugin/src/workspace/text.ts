// The sentences of the workspace in the language of the page.
//
// How an area gets its languages: text.en.ts has all English sentences and their type, text.zh.ts the same in Chinese
// typed by it (so that a missing key does not compile), and text.ts is `spoken` over both. Parts read `text.…` while
// they are drawn, never when a module is loaded. The panel and the data source do the same with texts of their own, and
// call `beginLanguage` with Grafana's language in their module.ts. Numbers and dates: format.ts; plurals:
// language/words.ts.

import { spoken } from '../language/language';
import { english, type Text } from './text.en';
import { chinese } from './text.zh';

export const text = spoken<Text>({ en: english, 'zh-Hans': chinese });
