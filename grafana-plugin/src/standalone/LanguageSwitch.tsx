// Changes the language of the page; says the other language's name in that language.

import React from 'react';

import { Button } from '@grafana/ui';

import { ALL_LANGUAGES, LANGUAGES, chooseLanguage, useLanguage } from '../language/language';

export function LanguageSwitch() {
  const language = useLanguage();
  const next = ALL_LANGUAGES[(ALL_LANGUAGES.indexOf(language) + 1) % ALL_LANGUAGES.length];
  return (
    <Button size="sm" fill="text" variant="secondary" lang={next} onClick={() => chooseLanguage(next)}>
      {LANGUAGES[next].name}
    </Button>
  );
}
