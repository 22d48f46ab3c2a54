import { FieldType, toDataFrame, type DataFrame } from '@grafana/data';

import { prepare, type ClickModel, type ScrollModel } from './prepare';

const frame = (fields: Record<string, unknown[]>, custom?: object): DataFrame =>
  toDataFrame({
    refId: 'A',
    fields: Object.entries(fields).map(([name, values]) => ({ name, values })),
    meta: custom && { custom: { isotherm: custom } },
  });

const HEAT = { x: [0, 8, 8], y: [16, 0, 400], value: [1, 5, 2] };
const META = {
  cell_px: 8,
  metric: 'clicks',
  clicks: 10,
  placed: 8,
  coverage: 0.8,
  canvas: { width: 1440, height: 2000 },
};
const ACTIONS = {
  rank: [1, 2],
  action_name: ['Buy', 'Menu'],
  element: ['#buy', '#menu'],
  clicks: [6, 2],
  share: [0.6, 0.2],
  users: [3, 1],
  sessions: [3, 1],
  rage: [0, 2],
  dead: [0, 0],
  error: [0, 0],
  median_loading_ms: [12, null],
  placed: [true, false],
  reason: ['', 'hidden'],
  shown_in: ['', 'b2'],
  left: [0, null],
  top: [0, null],
  width: [50, null],
  height: [20, null],
};

describe('frames of Isotherm', () => {
  test('heat and actions make a click map with elements', () => {
    const model = prepare([frame(HEAT, META), frame(ACTIONS)], 'clicks') as ClickModel;
    expect(model.heat.canvas).toEqual({ width: 1440, height: 2000 });
    expect(model.cells.total).toBe(8);
    expect(model.elements.map(({ row, box }) => [row.action_name, box])).toEqual([
      ['Buy', { left: 0, top: 0, width: 50, height: 20 }],
      ['Menu', null],
    ]);
  });

  test('a picture that came with the answer is used', () => {
    const picture = frame({ top: [0, 1000], height: [1000, 500], picture: ['data:a', 'data:b'] });
    const model = prepare([frame(HEAT, META), picture], 'clicks') as ClickModel;
    expect(model.inline).toEqual([
      { top: 0, height: 1000, url: 'data:a' },
      { top: 1000, height: 500, url: 'data:b' },
    ]);
  });

  test('a scroll curve makes a scroll map', () => {
    const curve = frame(
      { depth_px: [0, 900], views: [10, 5], share: [1, 0.5], users: [4, 2], drop: [0, 0.5] },
      { fold_px: 900, views: 10 }
    );
    const model = prepare([curve], 'scroll') as ScrollModel;
    expect(model.scroll.fold_px).toBe(900);
    expect(model.scroll.rows).toHaveLength(2);
  });
});

describe('where no map is chosen', () => {
  const curve = frame({ depth_px: [0], views: [1], share: [1], users: [1], drop: [0] }, { fold_px: 900, views: 1 });

  test('the answers choose it', () => {
    expect(prepare([frame(HEAT, META)], 'auto').map).toBe('clicks');
    expect(prepare([curve], 'auto').map).toBe('scroll');
    expect(prepare([curve, frame(HEAT, META)], 'auto').map).toBe('clicks');
    expect(prepare([curve], 'clicks').map).toBe('problem');
  });
});

describe('frames from elsewhere', () => {
  test('cells without metadata are drawn on a canvas that ends with them', () => {
    const model = prepare([frame(HEAT)], 'clicks') as ClickModel;
    expect(model.heat.canvas).toEqual({ width: 16, height: 408 });
    expect(model.heat).toMatchObject({ clicks: 8, coverage: null });
  });

  test('what is missing is said, with what came instead', () => {
    const model = prepare([frame({ time: [1], value: [2] })], 'clicks');
    expect(model).toEqual({
      map: 'problem',
      message:
        'This map needs the question "Heatmap", or a table with the fields x, y, value. The queries returned: time, value.',
    });
  });

  test('numbered elements need the ranking, too', () => {
    expect(prepare([frame(HEAT, META)], 'elements')).toMatchObject({
      map: 'problem',
      message: expect.stringContaining('"Top actions"'),
    });
  });

  test('text where numbers belong is said by name', () => {
    const texts = toDataFrame({
      fields: [
        { name: 'x', type: FieldType.string, values: ['a'] },
        { name: 'y', values: [1] },
        { name: 'value', values: [1] },
      ],
    });
    expect(prepare([texts], 'clicks')).toEqual({
      map: 'problem',
      message: 'The field x of the heat must contain numbers.',
    });
  });
});
