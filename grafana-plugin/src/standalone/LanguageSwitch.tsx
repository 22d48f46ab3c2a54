// Changes the language of the page; says the other language's name in that language.

import React from 'react';

import { Button } from '@grafana/ui';

import { LANGUAGES, chooseLanguage, useLanguage, type Language } from '../language/language';

const ALL = Object.keys(LANGUAGES) as Language[];

export function LanguageSwitch() {
  const language = useLanguage();
  const next = ALL[(ALL.indexOf(language) + 1) % ALL.length];
  return (
    <Button size="sm" fill="text" variant="secondary" lang={next} onClick={() => chooseLanguage(next)}>
      {LANGUAGES[next]}
    </Button>
  );
}
