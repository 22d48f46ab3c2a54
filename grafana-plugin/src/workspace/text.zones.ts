// The sentences of zones: parts of a page with a name. Chinese is in text.zones.zh.ts.

export const zones = {
  title: 'Zones',
  none: 'A zone is a part of the page with a name: a rectangle, or an element. Its numbers are counted over all of it.',
  draw: 'Draw a zone',
  drawHelp: 'Drag over the map, or enter the rectangle in px of the picture.',
  keep: 'Keep the zone',
  keepElement: 'Keep as a zone',
  kept: (name: string) => `Kept as the zone “${name}”.`,
  show: 'Show the zone',
  remove: (name: string) => `Remove ${name}`,
  removed: (name: string) => `The zone “${name}” was removed.`,
  alert: 'Set up an alert',
  alertElsewhere: 'To be alerted when its numbers change, open this zone in Grafana.',
  elsewhere: 'It is not on this picture; its numbers refer to the picture on which it was drawn.',
  sides: { left: 'Left', top: 'Top', width: 'Width', height: 'Height' },
  columns: {
    name: 'Name',
    clicks: 'Clicks',
    first: 'First clicks',
    exposed: 'Saw it',
    rate: 'Clicked it',
  },
  meaning: {
    first: 'First clicks of their view that are in it',
    exposed: 'Visitors whose screen reached its middle',
    rate: 'The share of the visitors who saw it that clicked in it',
  },
};
export type ZonesText = typeof zones;
