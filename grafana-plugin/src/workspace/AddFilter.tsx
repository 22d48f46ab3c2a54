// Adding a filter in two steps: the field, then the values of it that are to be looked at, or left out.

import React, { useState } from 'react';

import type { FacetInfo } from '../contract/generated/answers';
import { Facets } from './Facets';
import { FilterValues } from './FilterValues';
import { Popover } from './Popover';
import { text } from './text';

export function AddFilter() {
  const [facet, setFacet] = useState<FacetInfo | null>(null);
  return (
    <Popover label={text.filters.add} name={text.filters.pickFacet} icon="plus" size="sm" caret={false} width={300}>
      {(close) =>
        facet ? (
          <FilterValues
            facet={facet}
            back={() => setFacet(null)}
            done={() => {
              setFacet(null);
              close();
            }}
          />
        ) : (
          <Facets pick={setFacet} />
        )
      }
    </Popover>
  );
}
