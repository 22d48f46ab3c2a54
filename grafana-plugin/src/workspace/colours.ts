// What the click map can be coloured by.

export const HURTS = ['p75_ms', 'inp_ms', 'dead', 'rage', 'error', 'request_ms', 'request_failures'] as const;
export type Hurt = (typeof HURTS)[number];
export const COLOURS = ['clicks', ...HURTS, 'change'] as const;
export type ColourBy = (typeof COLOURS)[number];
