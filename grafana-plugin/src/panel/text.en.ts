// What only the panel says; the rest is the workspace's. Chinese is in text.zh.ts.

import type { MapType } from '../workspace/state';

export const english = {
  maps: { auto: 'Auto', clicks: 'Clicks', elements: 'Elements', scroll: 'Scroll' } as Record<MapType | 'auto', string>,
  labels: {
    clicks: 'Click map of the page',
    elements: 'Top elements of the page',
    scroll: 'Scroll map of the page',
  },
  options: {
    map: 'Map',
    mapOf: 'Auto draws clicks for the question "Heatmap" and depth for "Scroll depth"',
    palette: 'Palette',
    opacity: 'Opacity',
    radius: 'Radius',
    radiusOf: 'How far a click spreads, in px of the page',
    picture: 'Picture',
    pictureOf: 'How strong the picture stays under the heat; 0 = automatic',
    scale: 'Scale',
    size: 'Size',
    ranks: 'Numbered elements',
    ranksOf: 'Needs a second query, "Top actions"',
    fold: 'Average fold',
    legend: 'Legend',
    coverage: 'Coverage',
    coverageOf: 'How many of the clicks are on the picture',
  },
  here: 'What is here',
  nothing: (unit: string) => `No ${unit} here`,
  most: (value: string) => `At most ${value} here`,
  element: (rank: number, name: string, clicks: string, share: string) => `${rank}. ${name}: ${clicks} · ${share}`,
  filterFor: 'Filter for element',
  filterOut: 'Filter out',
  onPicture: (share: string) => `${share} on the picture`,
  onWireframe: (share: string) => `${share} on a wireframe: there is no picture`,
  elsewhere: (clicks: string) => `${clicks} more in other states`,
  inState: (state: string, clicks: string) => `${state} · ${clicks} more`,
  ofViews: (share: string) => `${share} of views`,
  reached: (share: string, depth: string) => `${share} of views got to ${depth} px`,
  pictureFailed: 'The picture of the page could not be loaded.',
  numbers: (fields: string) => `The field ${fields} of the heat must contain numbers.`,
  missing: (question: string, fields: string) =>
    `This map needs the question "${question}", or a table with the fields ${fields}.`,
  got: (fields: string) => `The queries returned: ${fields}.`,
};

export type PanelText = typeof english;
