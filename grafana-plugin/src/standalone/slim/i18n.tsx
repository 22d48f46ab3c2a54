// In place of @grafana/i18n on the stand-alone page: the few words of Grafana's components stay as they are written,
// and the library that would translate them does not come with the page.

import React, { type ReactNode } from 'react';

export const t = (_id: string, words: string): string => words;

export const Trans = ({ children }: { children?: ReactNode }) => <>{children}</>;

export const formatDate = (value: Date | number | string): string => new Date(value).toLocaleDateString();

export const formatDateRange = (from: Date | number, to: Date | number): string =>
  `${formatDate(from)} – ${formatDate(to)}`;
