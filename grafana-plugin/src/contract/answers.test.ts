import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { readAnswer } from './answers';
import { createBackend } from './backend';
import type { Transport } from './transport';
import { FrameError, type Frame } from './frames';
import { QUESTION_NAMES, type QuestionName } from './query';

const GOLDEN = path.join(__dirname, '../../../tests/api/golden');

interface Body {
  results: Record<string, { status?: number; error?: string; frames: Frame[] }>;
}

function golden(name: string): Body {
  const body = JSON.parse(readFileSync(path.join(GOLDEN, `${name}.json`), 'utf8'));
  return body.response ?? body;
}

const framesOf = (name: string): Frame[] => Object.values(golden(name).results)[0].frames;

/** A transport that answers every question with the same body. */
const answering = (body: unknown): Transport => ({
  get: () => Promise.resolve(body),
  post: () => Promise.resolve(body),
  upload: () => Promise.resolve(body),
  uploadMax: 0,
  remove: () => Promise.resolve(body),
  url: (to) => `https://isotherm.test/${to}`,
});

describe('answers', () => {
  it('have a golden body for every question', () => {
    const names = readdirSync(GOLDEN).map((file) => path.basename(file, '.json'));
    expect(names).toEqual(expect.arrayContaining([...QUESTION_NAMES]));
  });

  it.each(QUESTION_NAMES)('%s is read from the body that the server sends', (question: QuestionName) => {
    expect(readAnswer(question, framesOf(question))).toBeTruthy();
  });

  it('keep the numbers of the heat', () => {
    const heat = readAnswer('heat', framesOf('heat'));
    expect(heat.x).toHaveLength(heat.value.length);
    expect(heat.value.reduce((sum, value) => sum + value, 0)).toBeCloseTo(heat.placed, 6);
  });

  it('name the field that is missing', () => {
    const [frame] = framesOf('actions');
    const broken = {
      ...frame,
      schema: { ...frame.schema, fields: frame.schema.fields.filter((f) => f.name !== 'rank') },
    };
    expect(() => readAnswer('actions', [broken])).toThrow(FrameError);
    expect(() => readAnswer('actions', [broken])).toThrow(/"rank"/);
  });
});

describe('backend', () => {
  const range = { from: 0, to: 1 };

  it('passes on the sentence of a refused question', async () => {
    const refused = {
      results: { A: { status: 400, error: 'Choose an application', errorSource: 'downstream', frames: [] } },
    };
    const asked = createBackend(answering(refused)).ask({ question: 'page_stats', application: '' }, range);
    await expect(asked).rejects.toMatchObject({ message: 'Choose an application', status: 400, code: 'invalid' });
  });

  it('says so when something else answers', async () => {
    await expect(createBackend(answering({ hello: 1 })).applications(range)).rejects.toThrow(/no list of applications/);
    await expect(createBackend(answering(null)).ask({ question: 'pages', application: 'a' }, range)).rejects.toThrow();
  });
});
