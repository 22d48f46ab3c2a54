// Template variables from the backend's lists.
import {
  CustomVariableSupport,
  FieldType,
  toDataFrame,
  type DataQueryRequest,
  type DataQueryResponse,
} from '@grafana/data';
import { from, type Observable } from 'rxjs';

import { ListQueryEditor, type ListSource } from './ListQueryEditor';
import { rangeOf } from './lookups';
import type { ListQuery, RumOptions, RumQuery } from './types';

export class ListVariableSupport extends CustomVariableSupport<ListSource, ListQuery, RumQuery, RumOptions> {
  editor = ListQueryEditor;

  constructor(private readonly datasource: ListSource) {
    super();
  }

  getDefaultQuery(): Partial<ListQuery> {
    return { list: 'pages' };
  }

  query(request: DataQueryRequest<ListQuery>): Observable<DataQueryResponse> {
    return from(this.answer(request));
  }

  private async answer({ targets, range, scopedVars }: DataQueryRequest<ListQuery>): Promise<DataQueryResponse> {
    const [target] = targets;
    const choices = target?.list ? await this.datasource.choices({ ...target, range: rangeOf(range) }, scopedVars) : [];
    // The fields must have these names: with any others, the first text becomes label and value both.
    const fields = [
      { name: 'text', type: FieldType.string, values: choices.map(({ text }) => text) },
      { name: 'value', type: FieldType.string, values: choices.map(({ value }) => value) },
    ];
    return { data: [toDataFrame({ refId: target?.refId, fields })] };
  }
}
