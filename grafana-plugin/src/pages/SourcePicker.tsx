// Which Isotherm is looked at, where this Grafana has several.

import { DataSourcePicker, locationService } from '@grafana/runtime';
import React from 'react';

import { useLibrary } from '../library/context';
import { chosenSource, isothermSources, SOURCE_TYPE } from '../grafana/sources';

export function SourcePicker() {
  useLibrary(); // the address is where the choice is kept
  if (isothermSources().length < 2) {
    return null;
  }
  const current = chosenSource(locationService.getLocation().search)?.uid ?? null;
  return (
    <DataSourcePicker
      pluginId={SOURCE_TYPE}
      current={current}
      width={28}
      noDefault
      onChange={({ uid }) => locationService.push(`${locationService.getLocation().pathname}?source=${uid}`)}
    />
  );
}
