// What the click map can be coloured by.

import { ELEMENT_MEASURES } from '../contract/query';

export const COLOURS = ['clicks', ...ELEMENT_MEASURES, 'change'] as const;
export type ColourBy = (typeof COLOURS)[number];
