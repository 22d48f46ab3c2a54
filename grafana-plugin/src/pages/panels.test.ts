import { QUESTIONS } from '../datasource/questions';
import { DEFAULT_STATE, type WorkspaceState } from '../workspace/state';
import { withPanel } from './dashboards';
import { PANEL_KINDS, panelOf } from './panels';

const STATE: WorkspaceState = {
  ...DEFAULT_STATE,
  application: 'shop',
  page: '/product/?',
  filters: [{ key: 'env', operator: '=', value: 'prod' }],
  width: { max: 767 },
  signal: 'rage',
  background: 'b1',
  look: { ...DEFAULT_STATE.look, palette: 'viridis' },
};
const BACK = { title: 'back', url: '/a/isotherm-heatmap-app/heatmap' };
const panel = (kind: (typeof PANEL_KINDS)[number], state = STATE) => panelOf(kind, state, 'uid1', BACK);

describe('panels for a dashboard', () => {
  test.each(PANEL_KINDS)('%s asks what the page shows, with nothing left of variables', (kind) => {
    const made = panel(kind);
    expect(JSON.stringify(made)).not.toMatch(/\$\{?(source|application|page|signal)/);
    expect(made.targets.length).toBeGreaterThan(0);
    for (const target of made.targets) {
      expect(target).toMatchObject({
        datasource: { type: 'isotherm-rum-datasource', uid: 'uid1' },
        application: 'shop',
        page: '/product/?',
        filters: STATE.filters,
        width: { max: 767 },
      });
      const known: string[] = [...QUESTIONS[target.question].controls, 'refId', 'datasource', 'version', 'question'];
      expect(Object.keys(target).filter((key) => !known.includes(key))).toEqual([]);
    }
    expect(made.links).toEqual([BACK]);
  });

  test('the map keeps its look, its signal and its picture', () => {
    const map = panel('map');
    expect(map.type).toBe('isotherm-heatmap-panel');
    expect(map.options).toMatchObject({ map: 'clicks', palette: 'viridis', zoom: 'fit' });
    expect(map.targets[0]).toMatchObject({ question: 'heat', signal: 'rage', background: 'b1', inline_picture: true });
    expect(panel('map', { ...STATE, map: 'scroll' }).targets[0]).toMatchObject({ question: 'scroll' });
  });

  test('a panel goes below the others and takes no id that is in use', () => {
    const empty = withPanel({ title: 'new' }, panel('list'));
    expect(empty.panels?.[0]).toMatchObject({ id: 1, gridPos: { x: 0, y: 0 } });
    const others = [
      { id: 7, gridPos: { x: 0, y: 0, w: 12, h: 8 } },
      { id: 2, gridPos: { x: 12, y: 0, w: 12, h: 20 } },
    ];
    const grown = withPanel({ title: 'old', panels: others }, panel('map'));
    expect(grown.panels).toHaveLength(3);
    expect(grown.panels?.[2]).toMatchObject({ id: 8, gridPos: { x: 0, y: 20 } });
  });
});
