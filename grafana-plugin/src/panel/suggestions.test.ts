import { toDataFrame, type DataFrame } from '@grafana/data';

import { suggestions } from './suggestions';

const META = {
  cell_px: 8,
  metric: 'clicks',
  clicks: 10,
  placed: 8,
  coverage: 0.8,
  canvas: { width: 1440, height: 2000 },
};

function frame(fields: Record<string, unknown[]>, isotherm?: object): DataFrame {
  return toDataFrame({
    refId: 'A',
    fields: Object.entries(fields).map(([name, values]) => ({ name, values })),
    meta: isotherm && { custom: { isotherm } },
  });
}

const HEAT = frame({ x: [0], y: [16], value: [8] }, META);

test('a heatmap is offered as a click map, at its best', () => {
  expect(suggestions({ rawFrames: [HEAT] })).toMatchObject([
    { name: 'Click map of the page', options: { map: 'clicks' }, score: 100 },
  ]);
});

test('its card has no room for a legend', () => {
  const [card] = suggestions({ rawFrames: [HEAT] });
  card.cardOptions.previewModifier(card);
  expect(card.options).toMatchObject({ map: 'clicks', legend: false });
});

test('tables and series of other data sources are no maps', () => {
  expect(suggestions({ rawFrames: [frame({ time: [1, 2], value: [3, 4] })] })).toEqual([]);
  expect(suggestions({})).toEqual([]);
});
