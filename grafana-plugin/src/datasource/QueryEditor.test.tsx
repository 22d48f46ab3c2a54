import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import React from 'react';

import { QUESTION_NAMES } from '../contract/query';
import { controlOf } from './controls';
import type { RumDataSource } from './datasource';
import { QueryEditor } from './QueryEditor';
import { EXAMPLES, QueryHelp } from './QueryHelp';
import { QUESTIONS } from './questions';
import { text } from './text';
import { QUERY_VERSION, type RumQuery } from './types';

/** The only thing that the editor asks of a data source: what can be chosen. */
const datasource = { defaultApplication: '', choices: async () => [] } as unknown as RumDataSource;

beforeAll(() => {
  // The kit measures text on a canvas, which there is none of here.
  const surface = { measureText: (text: string) => ({ width: 8 * text.length }) };
  HTMLCanvasElement.prototype.getContext = (() => surface) as unknown as HTMLCanvasElement['getContext'];
});

function edit(query: RumQuery) {
  const onChange = jest.fn();
  render(<QueryEditor query={query} datasource={datasource} onChange={onChange} onRunQuery={jest.fn()} />);
  return onChange;
}

describe('query editor', () => {
  test.each(QUESTION_NAMES)('%s has a control for each of its parameters', (question) => {
    edit({ refId: 'A', version: QUERY_VERSION, question, ...QUESTIONS[question].defaults });
    for (const name of QUESTIONS[question].controls) {
      expect(screen.getByText(controlOf(question, name).label)).toBeInTheDocument();
    }
  });

  test('says what is still missing', () => {
    edit({ refId: 'A', version: QUERY_VERSION, question: 'heat', application: 'shop' });
    expect(screen.getByText('Page: needed')).toBeInTheDocument();
    expect(screen.queryByText('Application: needed')).not.toBeInTheDocument();
  });

  test('brings an old query into shape, once', () => {
    const onChange = edit({ refId: 'A', question: 'pages', application: 'shop' } as unknown as RumQuery);
    expect(onChange).toHaveBeenCalledTimes(1);
    expect(onChange).toHaveBeenCalledWith(
      expect.objectContaining({ version: QUERY_VERSION, order: 'views', limit: 20 })
    );
  });

  test('leaves a query of a later version alone', () => {
    const onChange = edit({ refId: 'A', version: QUERY_VERSION + 1, question: 'heat' });
    expect(screen.getByText(/saved by a newer version/)).toBeInTheDocument();
    expect(onChange).not.toHaveBeenCalled();
  });
});

describe('example questions', () => {
  const names = Object.keys(EXAMPLES) as Array<keyof typeof EXAMPLES>;
  const visited = { applications: 'shop', pages: '/cart' };
  const source = {
    defaultApplication: '',
    choices: async ({ list }: { list: keyof typeof visited }) => [{ text: 'most visited', value: visited[list] }],
  } as unknown as RumDataSource;

  test.each(names)('%s can be asked as it is, and is kept by the editor', async (name) => {
    const onClickExample = jest.fn();
    render(<QueryHelp datasource={source} query={{ refId: 'B' } as RumQuery} onClickExample={onClickExample} />);
    fireEvent.click(screen.getByRole('button', { name: text.examples[name] }));
    await waitFor(() => expect(onClickExample).toHaveBeenCalledTimes(1));
    const [query] = onClickExample.mock.calls[0] as [RumQuery];
    const { needs, controls } = QUESTIONS[query.question];
    expect(query).toMatchObject({ ...EXAMPLES[name], application: 'shop', version: QUERY_VERSION });
    expect(needs.filter((one) => !query[one])).toEqual([]);
    const known: string[] = [...controls, 'refId', 'datasource', 'hide', 'version', 'question'];
    expect(Object.keys(query).filter((key) => !known.includes(key))).toEqual([]);
  });
});
