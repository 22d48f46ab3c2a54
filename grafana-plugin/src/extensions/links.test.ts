import { dateTime, type PluginExtensionPanelContext } from '@grafana/data';
import { config, setTemplateSrv, type TemplateSrv } from '@grafana/runtime';

import manifest from '../plugin.json';
import { beginLanguage } from '../language/language';
import { readState } from '../workspace/state';
import { LINKS } from './links';

const VALUES: Record<string, string> = { $page: '/cart', '${application}': 'shop' };

setTemplateSrv({
  replace: (text: string) => VALUES[text] ?? text,
} as unknown as TemplateSrv);
beginLanguage('en');

const OURS = { type: 'isotherm-rum-datasource', uid: 'u1' };
const QUERY = { refId: 'A', datasource: OURS, version: 1, application: '${application}', page: '$page' };

const configured = (target: string, context: object) => {
  const link = LINKS.find(({ targets }) => targets.includes(target));
  return link?.configure?.(context);
};
const panel = (more: Partial<PluginExtensionPanelContext>) => {
  const timeRange = { from: 'now-6h', to: 'now' };
  return configured('grafana/dashboard/panel/menu', { targets: [], timeRange, ...more });
};
const shown = (path = '') => {
  const [where, search] = path.split('?');
  expect(where).toBe('/a/isotherm-heatmap-app/heatmap');
  expect(new URLSearchParams(search).get('source')).toBe('u1');
  return readState(search);
};

test('plugin.json lists the links as they are: Grafana refuses others', () => {
  const listed = LINKS.map(({ title, description, targets }) => ({ title, description, targets }));
  expect(listed).toEqual(manifest.extensions.addedLinks);
});

test('a panel leads to the heatmap of what it shows, with its variables, filters and time', () => {
  const adHoc = [{ key: 'country', operator: '=', value: 'NL' }];
  const data = { request: { targets: [{ ...QUERY, question: 'heat', signal: 'rage' }], filters: adHoc } };
  const link = panel({ data: data as unknown as PluginExtensionPanelContext['data'] });
  expect(link?.title).toBe('Open in Isotherm');
  expect(shown(link?.path)).toMatchObject({
    application: 'shop',
    page: '/cart',
    signal: 'rage',
    filters: adHoc,
    from: 'now-6h',
    to: 'now',
  });
});

test('a scroll curve leads to the scroll map, a time series of a signal to the signal', () => {
  const scroll = panel({ targets: [{ ...QUERY, question: 'scroll' } as never] });
  expect(shown(scroll?.path).map).toBe('scroll');
  const series = panel({ targets: [{ ...QUERY, question: 'timeseries', measure: 'dead' } as never] });
  expect(shown(series?.path).signal).toBe('dead');
});

test('panels of others have no link, nor those about the server itself', () => {
  const prometheus = { refId: 'A', datasource: { type: 'prometheus', uid: 'p' } };
  expect(panel({ targets: [prometheus] })).toBeUndefined();
  expect(panel({ targets: [{ ...QUERY, application: '', question: 'operations' } as never] })).toBeUndefined();
});

test('Explore leads to the query, at the time that is shown there', () => {
  const timeRange = { from: dateTime(1000), to: dateTime(2000) };
  const link = configured('grafana/explore/toolbar/action', {
    targets: [{ ...QUERY, question: 'actions' }],
    timeRange,
  });
  expect(shown(link?.path)).toMatchObject({ page: '/cart', from: '1000', to: '2000' });
});

test('an alert leads to its page or element, from an hour before', () => {
  const model = { refId: 'A', datasource: OURS, version: 1, question: 'timeseries', measure: 'rage' };
  const rule = { rulerRule: { grafana_alert: { data: [{ model }] } } };
  const instance = {
    labels: { application: 'shop', page: '/cart', element: '#pay' },
    activeAt: '2026-11-30T10:00:00Z',
  };
  const link = configured('grafana/alerting/instance/action', { instance, rule });
  const at = Date.parse('2026-11-30T09:00:00Z');
  expect(shown(link?.path)).toMatchObject({
    application: 'shop',
    page: '/cart',
    action: '#pay',
    signal: 'rage',
    from: String(at),
  });
  expect(configured('grafana/alerting/instance/action', { instance })).toBeUndefined();
});

test('a trace leads to its click, in the data source whose traces are there', () => {
  const settings = { uid: 'u1', type: 'isotherm-rum-datasource', jsonData: { traces: 'tempo' } };
  config.datasources = { Isotherm: settings } as never;
  const trace = { traceID: 'abc', startTime: 7_200_000_000, datasource: { uid: 'tempo' } };
  const link = configured('grafana/traceview/header/actions', trace);
  const params = new URLSearchParams(link?.path?.split('?')[1]);
  expect(Object.fromEntries(params)).toEqual({ source: 'u1', trace: 'abc', from: '3600000', to: '10800000' });
  const others = { ...trace, datasource: { uid: 'jaeger' } };
  expect(configured('grafana/traceview/header/actions', others)).toBeUndefined();
});

test('a heatmap of one page has a preview, and opens no window without one', () => {
  const find = (target: string) => LINKS.find(({ targets, onClick }) => onClick && targets.includes(target));
  const link = find('grafana/dashboard/panel/menu');
  const timeRange = { from: 'now-6h', to: 'now' };
  const context = { targets: [{ ...QUERY, question: 'pages', page: '' }], timeRange };
  const openModal = jest.fn();
  const click = (of: object) => link?.onClick?.(undefined, { context: of, openModal } as never);
  expect(link?.configure?.(context)).toBeUndefined();
  click(context);
  expect(openModal).not.toHaveBeenCalled();
  const ofPage = { targets: [{ ...QUERY, question: 'heat' }], timeRange };
  expect(link?.configure?.(ofPage)).toMatchObject({ title: 'Preview the heatmap' });
  click(ofPage);
  expect(openModal).toHaveBeenCalledWith(expect.objectContaining({ title: 'Preview the heatmap' }));
  config.datasources = { Isotherm: { uid: 'u1', type: OURS.type, jsonData: { traces: 'tempo' } } } as never;
  const trace = { traceID: 'abc', startTime: 7_200_000_000, datasource: { uid: 'tempo' } };
  expect(find('grafana/traceview/header/actions')?.configure?.(trace)).toBeDefined();
});

test('what is frozen can be read through the proxy that Grafana puts around contexts', () => {
  const frozen = Object.freeze({
    grafana_alert: Object.freeze({
      data: [{ model: { refId: 'A', datasource: OURS, version: 1, question: 'pages' } }],
    }),
  });
  const readOnly = (value: object): object =>
    new Proxy(value, {
      get: (target, key) => {
        const found: unknown = Reflect.get(target, key);
        return typeof found === 'object' && found !== null ? readOnly(found) : found;
      },
    });
  const instance = { labels: { application: 'shop', page: '/cart' }, activeAt: '2026-11-30T10:00:00Z' };
  const context = readOnly({ instance, rule: { rulerRule: frozen } });
  expect(shown(configured('grafana/alerting/instance/action', context)?.path).page).toBe('/cart');
});
