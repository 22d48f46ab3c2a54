// The click map and the numbered elements in a panel.
import { FieldType, type DataFrame, type LinkModel } from '@grafana/data';
import { usePanelContext } from '@grafana/ui';
import React, { useMemo, useState } from 'react';

import { elementAt, spotAt, type Spot } from '../heatmap/hit';
import { drawsPoints } from '../heatmap/paint';
import type { Metric } from '../contract/query';
import type { MapElement } from '../workspace/elements';
import { HeatLayer, useHeatScale } from '../workspace/HeatLayer';
import { HeatLegend } from '../workspace/HeatLegend';
import { FoldLine, Glow, Markers } from '../workspace/marks';
import { text as shared } from '../workspace/text';
import { Coverage, Foot, FOOT_HEIGHT } from './Foot';
import type { PanelOptions } from './options';
import { PageWindow, type PagePlace, type Strip } from './PageWindow';
import type { ClickModel } from './prepare';
import { SpotCard } from './SpotCard';
import { text } from './text';

interface ClickPanelProps {
  model: ClickModel;
  options: PanelOptions;
  strips: Strip[];
  room: { width: number; height: number };
}

/** The data links of the element's row, or of the heat itself where no element is. */
function linksOf(model: ClickModel, spot: Spot<MapElement> | null): LinkModel[] {
  const { elementsFrame, elements, frame } = model;
  const row = spot?.element ? elements.indexOf(spot.element) : -1;
  const [from, valueRowIndex]: [DataFrame, number] = row >= 0 && elementsFrame ? [elementsFrame, row] : [frame, 0];
  return from.fields
    .filter((field) => field.type === FieldType.string || field.name === 'value')
    .flatMap((field) => field.getLinks?.({ valueRowIndex }) ?? [])
    .filter((link, at, all) => all.findIndex((other) => other.href === link.href) === at);
}

export function ClickPanel({ model, options, strips, room }: ClickPanelProps) {
  const { onAddAdHocFilter } = usePanelContext();
  const [pointed, setPointed] = useState<Spot<MapElement> | null>(null);
  const [pin, setPin] = useState<{ of: ClickModel; spot: Spot<MapElement> } | null>(null);
  const { heat, cells } = model;
  const { palette, opacity, radius, scale, picture } = options;
  const look = useMemo(
    () => ({ palette, opacity, radius, scale, picture }),
    [palette, opacity, radius, scale, picture]
  );
  const { range, scale: colours } = useHeatScale(cells, heat.canvas, look);
  const numbered = useMemo(() => model.elements.slice(0, options.ranks), [model.elements, options.ranks]);
  const showsHeat = model.map === 'clicks';
  const hasFoot = (showsHeat && options.legend) || options.coverage;
  const total = heat.metric === 'clicks' ? heat.clicks : cells.total;
  const spotOf = ({ x, y }: PagePlace): Spot<MapElement> => ({
    ...spotAt(cells, model.elements, { x, y }, radius, total),
    element: elementAt(showsHeat ? model.elements : numbered, x, y),
  });
  // New answers take the pin away: what it said was about the old ones.
  const pinned = pin?.of === model ? pin.spot : null;
  const spot = pinned ?? pointed;
  const filter =
    onAddAdHocFilter &&
    ((value: string, operator: '=' | '!=') => onAddAdHocFilter({ key: 'element', operator, value }));
  const fold = { foldPx: options.fold ? heat.fold_px : null, belowShare: heat.points_below_fold_share };
  return (
    <>
      <PageWindow
        page={heat.canvas}
        room={{ width: room.width, height: room.height - (hasFoot ? FOOT_HEIGHT : 0) }}
        zoom={options.zoom}
        strips={strips}
        label={text.labels[model.map]}
        strength={showsHeat ? picture : undefined}
        onPoint={(place) => setPointed(place && spotOf(place))}
        onPick={(place) => setPin(pinned ? null : { of: model, spot: spotOf(place) })}
      >
        {(window) => (
          <>
            {showsHeat && <HeatLayer cells={cells} page={heat.canvas} window={window} look={look} />}
            {!showsHeat && (
              <Markers
                elements={numbered}
                page={heat.canvas}
                zoom={window.zoom}
                lit={spot?.element?.row.element ?? null}
                fold={fold}
              />
            )}
            <FoldLine {...fold} zoom={window.zoom} />
            {showsHeat && spot?.element?.box && <Glow box={spot.element.box} zoom={window.zoom} dim={false} />}
            {spot && (
              <SpotCard
                spot={spot}
                metric={heat.metric as Metric}
                most={(heat.metric === 'users' ? heat.users : heat.sessions) || Infinity}
                zoom={window.zoom}
                page={heat.canvas}
                pinned={pinned !== null}
                links={pinned ? linksOf(model, pinned) : []}
                onFilter={filter}
                onClose={() => setPin(null)}
              />
            )}
          </>
        )}
      </PageWindow>
      {hasFoot && (
        <Foot>
          {showsHeat && options.legend ? (
            drawsPoints(cells) ? (
              <span data-testid="isotherm-legend">{shared.legend.points}</span>
            ) : (
              <span data-testid="isotherm-legend">
                <HeatLegend
                  palette={palette}
                  scale={colours}
                  adds={heat.metric === 'clicks'}
                  max={heat.metric === 'clicks' ? range.max : null}
                  unit={shared.metric.units[heat.metric as Metric]}
                />
              </span>
            )
          ) : (
            <span />
          )}
          {options.coverage && <Coverage answer={heat} background={heat.background} others={heat.others} />}
        </Foot>
      )}
    </>
  );
}
