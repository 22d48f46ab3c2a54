import { locationService } from '@grafana/runtime';

import { savedSearch, searchOf } from '../library/links';
import { grafanaUrl, screenAt } from './grafanaUrl';

const APP = '/a/isotherm-heatmap-app';
const url = grafanaUrl('/grafana');

beforeEach(() => locationService.push(`${APP}?source=two&orgId=1`));

describe("the workspace's address in Grafana", () => {
  test('the path is the screen, and what is not known is the home page', () => {
    expect([APP, `${APP}/`, `${APP}/shares`, `${APP}/health/`, `${APP}/nonsense`].map(screenAt)).toEqual([
      'home',
      'home',
      'shares',
      'health',
      'home',
    ]);
  });

  test('a screen that there is not keeps its name, so that Home can say so', () => {
    locationService.push(`${APP}/nonsense`);
    expect(url.read()).toBe('screen=nonsense');
    url.write('', 'replace');
    expect(url.read()).toBe('');
  });

  test('a heatmap and its page with slashes come back as they were written', () => {
    url.write('app=shop&page=%2Fproduct%2F%3F&from=now-7d', 'push');
    const { pathname, search } = locationService.getLocation();
    expect(pathname).toBe(`${APP}/heatmap`);
    expect(Object.fromEntries(new URLSearchParams(search))).toEqual({
      app: 'shop',
      page: '/product/?',
      from: 'now-7d',
      source: 'two',
      orgId: '1',
    });
    expect(Object.fromEntries(new URLSearchParams(url.read()))).toEqual({
      app: 'shop',
      page: '/product/?',
      from: 'now-7d',
      screen: 'heatmap',
    });
  });

  test('the data source stays when the screen changes, and links carry the sub-path', () => {
    expect(url.href?.(searchOf('health', 'from=now-1h', { app: 'shop' }))).toBe(
      `/grafana${APP}/health?from=now-1h&app=shop&source=two&orgId=1`
    );
    expect(url.href?.(savedSearch({ id: 'h1', address: 'app=shop&page=%2F' }))).toBe(
      `/grafana${APP}/heatmap?app=shop&page=%2F&saved=h1&source=two&orgId=1`
    );
  });

  test('back returns to what was shown before', () => {
    const heard: string[] = [];
    const stop = url.listen(() => heard.push(url.read()));
    url.write('app=shop&page=%2F', 'push');
    url.write('app=shop&page=%2Fcart', 'push');
    url.write('app=shop&page=%2Fcart&zoom=page', 'replace');
    stop();
    expect(heard).toHaveLength(3);
    expect(locationService.getHistory().length).toBeGreaterThan(1);
  });
});
