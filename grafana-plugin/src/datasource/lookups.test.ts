import { requestWith, type ListRequest } from './lookups';

const VALUES: Record<string, string[]> = { $app: ['shop'], $page: ['/', '/a,b'], $one: ['/only'] };
const variables = {
  text: (text: string) => VALUES[text]?.join(',') ?? text,
  values: (text: string) => VALUES[text] ?? [text],
};
const RANGE = { from: 0, to: 1 };
const asked = (page?: string): ListRequest => ({
  list: 'values',
  application: '$app',
  page,
  facet: 'browser',
  range: RANGE,
});

describe('a list that hangs on other variables', () => {
  test('is asked of the one page that is chosen', () => {
    expect(requestWith(asked('$one'), variables)).toMatchObject({ application: 'shop', page: '/only', filters: [] });
  });

  test('is asked of any of several pages, whatever is in their names', () => {
    const { page, filters } = requestWith(asked('$page'), variables);
    expect(page).toBeUndefined();
    expect(filters).toEqual([{ key: 'page', operator: 'in', values: ['/', '/a,b'] }]);
  });

  test('is asked of all pages where none is named', () => {
    expect(requestWith(asked(), variables)).toMatchObject({ page: undefined, filters: [] });
  });
});
