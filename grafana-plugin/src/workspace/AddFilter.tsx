// Adding a filter in two steps: the field, then the values of it that are to be looked at, or left out.

import React, { useState } from 'react';

import type { FacetInfo } from '../contract/generated/answers';
import { Facets } from './Facets';
import { FilterValues } from './FilterValues';
import { Popover } from './Popover';
import { text } from './text';

export function AddFilter() {
  return (
    <Popover label={text.filters.add} name={text.filters.pickFacet} icon="plus" size="sm" caret={false} width={300}>
      {(close) => <Steps done={close} />}
    </Popover>
  );
}

/** Begins with the fields whenever it is opened. */
function Steps({ done }: { done: () => void }) {
  const [facet, setFacet] = useState<FacetInfo | null>(null);
  return facet ? <FilterValues facet={facet} back={() => setFacet(null)} done={done} /> : <Facets pick={setFacet} />;
}
