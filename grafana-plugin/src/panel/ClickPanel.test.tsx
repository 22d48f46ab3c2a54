import { toDataFrame } from '@grafana/data';
import { fireEvent, render, screen } from '@testing-library/react';
import React from 'react';

import { ClickPanel } from './ClickPanel';
import { DEFAULTS } from './options';
import { prepare, type ClickModel } from './prepare';

const frame = (fields: Record<string, unknown[]>, custom = {}) =>
  toDataFrame({
    refId: 'A',
    fields: Object.entries(fields).map(([name, values]) => ({ name, values })),
    meta: { custom: { isotherm: custom } },
  });

const HEAT = frame(
  { x: [96, 400], y: [16, 600], value: [30, 10] },
  {
    cell_px: 8,
    metric: 'clicks',
    clicks: 50,
    coverage: 0.8,
    unplaced: { element_gone: 10 },
    fold_px: 500,
    canvas: { width: 1000, height: 2000 },
  }
);
const ACTIONS = frame({
  rank: [1],
  action_name: ['Add to cart'],
  element: ['#buy'],
  clicks: [30],
  share: [0.6],
  users: [4],
  sessions: [4],
  rage: [0],
  dead: [0],
  error: [0],
  median_loading_ms: [null],
  placed: [true],
  reason: [''],
  shown_in: [''],
  left: [80],
  top: [0],
  width: [60],
  height: [40],
});

beforeAll(() => {
  // Neither a canvas nor pointers are here; the heat itself is tested where it is painted.
  HTMLCanvasElement.prototype.getContext = (() => null) as unknown as HTMLCanvasElement['getContext'];
  window.PointerEvent = window.MouseEvent as unknown as typeof PointerEvent;
});

function show(options = {}) {
  const model = prepare([HEAT, ACTIONS], 'clicks') as ClickModel;
  const room = { width: 1010, height: 600 };
  render(<ClickPanel model={model} options={{ ...DEFAULTS, ...options }} strips={[]} room={room} />);
}

describe('click panel', () => {
  test('says how much is on the picture and where the fold is', () => {
    show();
    expect(screen.getByTestId('isotherm-coverage')).toHaveTextContent('50 clicks · 80% on the picture');
    expect(screen.getByTestId('fold')).toHaveStyle({ top: '500px' });
  });

  test('says what is under the pointer, and keeps it when clicked', () => {
    show();
    const sheet = screen.getByTestId('isotherm-sheet');
    fireEvent.pointerMove(sheet, { clientX: 100, clientY: 20 });
    expect(screen.getByTestId('isotherm-spot')).toHaveTextContent('30 clicks · 60% here');
    expect(screen.getByTestId('isotherm-spot')).toHaveTextContent('1. Add to cart: 30 clicks · 60%');
    fireEvent.click(sheet, { clientX: 100, clientY: 20 });
    fireEvent.pointerLeave(sheet);
    expect(screen.getByRole('dialog')).toHaveTextContent('Add to cart');
    fireEvent.click(screen.getByRole('button', { name: 'Close' }));
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
  });

  test('draws neither fold nor foot when they are switched off', () => {
    show({ fold: false, legend: false, coverage: false });
    expect(screen.queryByTestId('fold')).not.toBeInTheDocument();
    expect(screen.queryByTestId('isotherm-legend')).not.toBeInTheDocument();
    expect(screen.queryByTestId('isotherm-coverage')).not.toBeInTheDocument();
  });
});
