// The sentences of the query editor and the settings in their language.

import { spoken } from '../language/language';
import { english, type SourceText } from './text.en';
import { chinese } from './text.zh';

export const text = spoken<SourceText>({ en: english, 'zh-Hans': chinese });
