// Answers are typed frames: what Grafana itself does with frames it does with every answer, here by Grafana's own code. SQL expressions,
// server-side expressions and correlations run in Grafana's server: tests/grafana/test_live.py.
import { readFileSync } from 'node:fs';
import path from 'node:path';

import {
  applyFieldOverrides,
  createTheme,
  DataFrameView,
  DataTransformerID,
  FieldColorModeId,
  FieldType,
  identityOverrideProcessor,
  Registry,
  thresholdsOverrideProcessor,
  valueMappingsOverrideProcessor,
  type FieldConfigPropertyItem,
  formattedValueToString,
  MappingType,
  ReducerID,
  standardTransformers,
  standardTransformersRegistry,
  ThresholdsMode,
  transformDataFrame,
  type DataFrame,
  type DataTransformerConfig,
  type FieldConfig,
  type FieldConfigSource,
} from '@grafana/data';
import { toDataQueryResponse } from '@grafana/runtime';
import { firstValueFrom } from 'rxjs';

import { QUESTION_NAMES } from '../contract/query';

const GOLDEN = path.join(__dirname, '../../../tests/api/golden');

/** The frames of an answer as Grafana's browser part reads them. */
function framesOf(question: string): DataFrame[] {
  const body = JSON.parse(readFileSync(path.join(GOLDEN, `${question}.json`), 'utf8'));
  return toDataQueryResponse({ data: body.response ?? body } as never).data;
}

const rowsOf = (frame: DataFrame) => new DataFrameView<Record<string, unknown>>(frame).toArray();
const transformed = (frames: DataFrame[], ...steps: DataTransformerConfig[]) =>
  firstValueFrom(transformDataFrame(steps, frames));

beforeAll(() => {
  const {
    sortByTransformer,
    groupByTransformer,
    joinByFieldTransformer,
    organizeFieldsTransformer,
    reduceTransformer,
  } = standardTransformers;
  const { filterByValueTransformer, orderFieldsTransformer, renameFieldsTransformer, filterFieldsByNameTransformer } =
    standardTransformers;
  const needed = [
    sortByTransformer,
    groupByTransformer,
    joinByFieldTransformer,
    organizeFieldsTransformer,
    reduceTransformer,
    filterByValueTransformer,
    orderFieldsTransformer,
    renameFieldsTransformer,
    filterFieldsByNameTransformer,
  ];
  standardTransformersRegistry.setInit(() =>
    needed.map((transformation) => ({ id: transformation.id, name: transformation.id, transformation }) as never)
  );
});

/** A server that has just begun has no samples of its operation. */
const ASKED = QUESTION_NAMES.filter((name) => name !== 'operations');

describe('types', () => {
  it.each(ASKED)('%s: every field has the type of its values', (question) => {
    const frames = framesOf(question);
    expect(frames.length).toBeGreaterThan(0);
    for (const { fields, length } of frames) {
      for (const { name, type, values } of fields) {
        expect([name, values.length]).toEqual([name, length]);
        const wanted = { number: 'number', time: 'number', string: 'string', boolean: 'boolean' }[type as string];
        expect([name, wanted]).not.toEqual([name, undefined]);
        const known = values.filter((value) => value !== null).map((value) => typeof value);
        expect([name, [...new Set(known)].filter((one) => one !== wanted)]).toEqual([name, []]);
      }
    }
  });
});

describe('transformations', () => {
  const actions = () => framesOf('actions').slice(0, 1);

  it('reduce: the sum of a column', async () => {
    const [reduced] = await transformed(actions(), {
      id: DataTransformerID.reduce,
      options: { reducers: [ReducerID.sum], mode: 'reduceFields' },
    });
    const rows = rowsOf(actions()[0]);
    const clicks = rows.reduce((sum, { clicks }) => sum + Number(clicks), 0);
    expect(rowsOf(reduced)[0].clicks).toBe(clicks);
  });

  it('group by, then sort by', async () => {
    const [grouped] = await transformed(
      framesOf('friction').slice(0, 1),
      {
        id: DataTransformerID.groupBy,
        options: {
          fields: { measure: { operation: 'groupby' }, value: { operation: 'aggregate', aggregations: ['max'] } },
        },
      },
      { id: DataTransformerID.sortBy, options: { sort: [{ field: 'measure', desc: true }] } }
    );
    const names = rowsOf(grouped).map(({ measure }) => measure);
    expect(names.length).toBeGreaterThan(1);
    expect(names).toEqual([...new Set(rowsOf(framesOf('friction')[0]).map(({ measure }) => measure))].sort().reverse());
  });

  it('join by field: clicks and friction, by element', async () => {
    const [joined] = await transformed([...actions(), ...framesOf('slow').slice(0, 1)], {
      id: DataTransformerID.joinByField,
      options: { byField: 'element', mode: 'outer' },
    });
    const elements = [...actions(), framesOf('slow')[0]].flatMap((frame) =>
      rowsOf(frame).map(({ element }) => element)
    );
    expect(new Set(rowsOf(joined).map(({ element }) => element))).toEqual(new Set(elements));
  });

  it('organize fields: rename and leave out', async () => {
    const [organized] = await transformed(actions(), {
      id: DataTransformerID.organize,
      options: { excludeByName: { rank: true }, renameByName: { action_name: 'Name' }, indexByName: {} },
    });
    const names = organized.fields.map(({ name, config }) => config.displayName ?? name);
    expect(names).toContain('Name');
    expect(names).not.toContain('rank');
  });
});

/** What a panel's field options can set. */
const OPTIONS = {
  unit: identityOverrideProcessor,
  decimals: identityOverrideProcessor,
  color: identityOverrideProcessor,
  thresholds: thresholdsOverrideProcessor,
  mappings: valueMappingsOverrideProcessor,
};
const OPTIONS_REGISTRY = new Registry(() =>
  Object.entries(OPTIONS).map(
    ([id, process]) =>
      ({ id, path: id, name: id, process, shouldApply: () => true }) as unknown as FieldConfigPropertyItem
  )
);

describe('field configuration', () => {
  const shown = (question: string, defaults: FieldConfig, field: string) => {
    const fieldConfig: FieldConfigSource = { defaults, overrides: [] };
    const [frame] = applyFieldOverrides({
      data: framesOf(question),
      fieldConfig,
      fieldConfigRegistry: OPTIONS_REGISTRY,
      replaceVariables: (text) => text,
      theme: createTheme(),
    });
    const found = frame.fields.find(({ name }) => name === field);
    return (found?.values ?? []).map((value) => found!.display!(value));
  };

  it('units: a share is a percentage, a time has its unit', () => {
    const shares = shown('actions', { decimals: 0 }, 'share').map(formattedValueToString);
    expect(shares.length).toBeGreaterThan(0);
    shares.forEach((text) => expect(text).toMatch(/^\d+%$/));
    const times = shown('requests', {}, 'p75_ms').map(formattedValueToString);
    times.filter(Boolean).forEach((text) => expect(text).toMatch(/ (ms|s)$/));
  });

  it('thresholds colour numbers', () => {
    const steps = [
      { value: -Infinity, color: 'green' },
      { value: 2, color: 'red' },
    ];
    const defaults: FieldConfig = {
      color: { mode: FieldColorModeId.Thresholds },
      thresholds: { mode: ThresholdsMode.Absolute, steps },
    };
    const { visualization } = createTheme();
    for (const { numeric, color } of shown('actions', defaults, 'clicks')) {
      expect(color).toBe(visualization.getColorByName(numeric >= 2 ? 'red' : 'green'));
    }
  });

  it('value mappings translate words and yes or no', () => {
    const options = {
      unclear: { text: 'Not known', color: 'gray' },
      true: { text: 'Certain' },
      false: { text: 'Too little' },
    };
    const mappings = [{ type: MappingType.ValueToText as const, options }];
    expect(shown('effect', { mappings }, 'verdict').map(({ text }) => text)).toContain('Not known');
    const certain = shown('friction', { mappings }, 'certain').map(({ text }) => text);
    certain.forEach((text) => expect(['Certain', 'Too little']).toContain(text));
  });

  it('times of annotations and lists are times', () => {
    const [frame] = framesOf('replays');
    expect(frame.fields.filter(({ type }) => type === FieldType.time).length).toBeGreaterThan(0);
  });
});
