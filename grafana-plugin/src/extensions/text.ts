// The words of our links in Grafana's own menus, in the language of the page.

import { spoken } from '../language/language';
import { english, type ExtensionText } from './text.en';
import { chinese } from './text.zh';

export const text = spoken<ExtensionText>({ en: english, 'zh-Hans': chinese });
