// The sentences of the panel in their language.

import { spoken } from '../language/language';
import { english, type PanelText } from './text.en';
import { chinese } from './text.zh';

export const text = spoken<PanelText>({ en: english, 'zh-Hans': chinese });
