// What the click map can be coloured by.

import { HURTS } from '../contract/query';

export const COLOURS = ['clicks', ...HURTS, 'change'] as const;
export type ColourBy = (typeof COLOURS)[number];
