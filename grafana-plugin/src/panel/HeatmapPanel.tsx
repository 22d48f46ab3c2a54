// The panel: frames to a model, the picture's address, and the map that was chosen.
import { LoadingState, type DataFrame, type PanelData, type PanelProps } from '@grafana/data';
import { PanelDataErrorView } from '@grafana/runtime';
import React, { useMemo } from 'react';

import type { BackgroundInfo } from '../contract/generated/answers';
import { assertNever } from '../contract/query';
import { resourceUrl, SOURCE_KEY } from '../grafana/transport';
import { ClickPanel } from './ClickPanel';
import type { PanelOptions } from './options';
import type { Strip } from './PageWindow';
import { prepare, type InlineStrip } from './prepare';
import { ScrollPanel } from './ScrollPanel';

/** The data source that a frame came from, which also has the picture. Not every place that shows panels says so itself. */
function sourceOf(frame: DataFrame, data: PanelData): string | undefined {
  const uid: unknown = frame.meta?.custom?.[SOURCE_KEY];
  return typeof uid === 'string'
    ? uid
    : data.request?.targets.find(({ refId }) => refId === frame.refId)?.datasource?.uid;
}

/** Where the strips of the picture are: in the answer itself if it brought them, else behind the data source. */
function stripsOf(background: BackgroundInfo | null, inline: InlineStrip[], uid: string | undefined): Strip[] {
  if (inline.length || !background || !uid) {
    return inline;
  }
  const tiles = background.tiles.length
    ? background.tiles
    : [{ top: 0, height: background.height, url: background.picture }];
  return tiles.map(({ top, height, url }) => ({ top, height, url: resourceUrl(uid, url) }));
}

export function HeatmapPanel({ id, data, width, height, options, fieldConfig }: PanelProps<PanelOptions>) {
  const model = useMemo(() => prepare(data.series, options.map), [data.series, options.map]);
  const room = { width, height };
  if (model.map === 'problem') {
    const isBusy = data.state === LoadingState.Loading && data.series.length === 0;
    const message = data.errors?.[0]?.message ?? (data.series.length ? model.message : undefined);
    return isBusy ? null : <PanelDataErrorView panelId={id} data={data} fieldConfig={fieldConfig} message={message} />;
  }
  const uid = sourceOf(model.frame, data);
  switch (model.map) {
    case 'clicks':
    case 'elements': {
      const strips = stripsOf(model.heat.background, model.inline, uid);
      return <ClickPanel model={model} options={options} strips={strips} room={room} />;
    }
    case 'scroll': {
      const strips = stripsOf(model.scroll.background, model.inline, uid);
      return <ScrollPanel model={model} options={options} strips={strips} room={room} />;
    }
    default:
      return assertNever(model);
  }
}
