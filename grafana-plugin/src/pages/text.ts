// The sentences of the pages inside Grafana in their language.

import { spoken } from '../language/language';
import { english, type PagesText } from './text.en';
import { chinese } from './text.zh';

export const text = spoken<PagesText>({ en: english, 'zh-Hans': chinese });
