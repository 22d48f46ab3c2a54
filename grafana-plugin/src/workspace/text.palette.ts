// The sentences of going anywhere by name, of single keys, and of numbers that are opened. Chinese is in text.palette.zh.ts.

export const palette = {
  button: 'Go to a page, an element or a screen',
  label: 'Go to',
  placeholder: 'Page, element, application or screen…',
  placeholderAway: 'Page, application or screen…',
  none: 'Nothing has this name.',
  searching: 'Looking…',
  onMapsOnly: 'Elements are found on the map of their page: go to the page first.',
  groups: { elements: 'On this page', pages: 'Pages', screens: 'Screens', actions: 'This map' },
  show: (map: string) => `Show the ${map.toLowerCase()}`,
  only: (signal: string) => `Only: ${signal}`,
  everything: 'Every click',
  keys: {
    title: 'Keyboard shortcuts',
    open: 'Go to a page, an element or a screen',
    help: 'Show these shortcuts',
    maps: 'Click map, top elements, scroll map',
    fit: 'Fit the map to the width',
    whole: 'See the whole page',
    refresh: 'Reload all numbers',
    back: 'Back to the list; close what is open',
    bars: 'Over bars of time: move, select, zoom in',
    single: 'Use single keys',
    singleHelp: 'Switch this off if they get in the way of speech input or of other software.',
    spots: 'On the map: read its hottest spot, then move from there (Shift: further)',
    names: { escape: 'Esc', arrows: '← →', everyArrow: '← ↑ ↓ →', enter: 'Enter' },
  },
};
export type PaletteText = typeof palette;

export const number = {
  open: 'What this counts, and the sessions behind it',
  part: (part: string, all: string) => `${part} of ${all}`,
  before: (value: string) => `in the equally long time before: ${value}`,
  sessions: 'Latest sessions on this page',
  rageSessions: 'Latest sessions with a rage click here',
  meaning: {
    clicks: 'Clicks on this page in the time range, with the filters that are set.',
    rage: 'The share of clicks that belong to quick, repeated clicks on one spot.',
    time: 'The mean time that a view spent on this page.',
    end: 'Of the ended sessions that visited this page, the share whose last view it was.',
    errors: 'Errors that the browser reported on this page.',
  },
};
export type NumberText = typeof number;
