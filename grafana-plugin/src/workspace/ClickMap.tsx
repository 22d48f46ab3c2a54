// The click map and the top elements: heat or numbered marks on the picture, and what the pointer finds there.

import React, { useCallback, useEffect, useMemo, useRef, useState } from 'react';

import type { HeatAnswer } from '../contract/answers';
import { cellsOf, hottest } from '../heatmap/cells';
import { pageX, pageY } from '../heatmap/geometry';
import { elementAt, spotAt } from '../heatmap/hit';
import { paintHeat } from '../heatmap/paint';
import { makeScale } from '../heatmap/scale';
import { densityRange } from '../heatmap/density';
import { useLit, useWorkspace } from './context';
import type { MapElement } from './elements';
import { HeatLayer } from './HeatLayer';
import { FoldLine, Glow, Markers } from './marks';
import { MapFrame } from './MapFrame';
import type { MapWindow, PagePoint } from './mapWindow';
import type { Tint } from './tint';
import { TintLayer } from './TintLayer';
import { PinnedCard, SpotTip, type MapSpot } from './SpotTip';
import { EvenHeat, HeatHint } from './HeatHint';
import { boxOfZone, isDrawnOn, type PageZones } from './useZones';
import { ZoneMark, ZonePen } from './ZonePen';

interface ClickMapProps {
  heat: HeatAnswer;
  elements: readonly MapElement[];
  /** The elements to number, for the top elements; null on the click map. */
  numbered: readonly MapElement[] | null;
  onZoom: (factor: number) => void;
  /** Density of the hottest colour, where maps are compared; else the map's own. */
  most?: number;
  /** Elements coloured by something else than clicks, in place of the heat; null = heat. */
  tints?: readonly Tint[] | null;
  /** Beside others: without a minimap. */
  bare?: boolean;
  /** Zones of the page, to draw one and to show the one that is open. */
  zones?: PageZones | null;
}

/** In the minimap a click must reach at least this many of its pixels to be seen. */
const MINIMAP_REACH = 3;

export function ClickMap({ heat, elements, numbered, onZoom, most, bare, tints = null, zones = null }: ClickMapProps) {
  const { state, update, setLit, locate } = useWorkspace();
  const lit = useLit();
  const { look } = state;
  const [spot, setSpot] = useState<MapSpot | null>(null);
  const [pin, setPin] = useState<{ spot: MapSpot; heat: HeatAnswer } | null>(null);
  const page = heat.canvas;
  const cells = useMemo(
    () => cellsOf({ x: heat.x, y: heat.y, value: heat.value, cellPx: heat.cell_px }),
    [heat.x, heat.y, heat.value, heat.cell_px]
  );
  // A pin is of the numbers that it was put on.
  const pinned = pin?.heat === heat && !numbered ? pin.spot : null;

  const spotOf = useCallback(
    (point: PagePoint) =>
      spotAt(cells, elements, point, look.radius, heat.metric === 'clicks' ? heat.clicks : cells.total),
    [cells, elements, look.radius, heat]
  );
  const frame = useRef(0);
  const onPoint = useCallback(
    (point: PagePoint | null) => {
      cancelAnimationFrame(frame.current);
      frame.current = requestAnimationFrame(() => {
        const next = point && spotOf(point);
        setSpot(next);
        setLit(next?.element ? { element: next.element.row.element, from: 'map' } : null);
      });
    },
    [spotOf, setLit]
  );
  const onPick = (point: PagePoint) => {
    if (numbered || tints) {
      const element = elementAt(numbered ?? elements, point.x, point.y);
      if (element) {
        update({ action: element.row.element });
      }
      return;
    }
    setSpot(null);
    setPin({ spot: spotOf(point), heat });
  };
  const pinAt = (x: number, y: number) => {
    const within = (value: number, most: number) => Math.max(0, Math.min(most - 1, Math.round(value)));
    const point = { x: pageX(within(x, page.width)), y: pageY(within(y, page.height)) };
    setSpot(null);
    setPin({ spot: spotOf(point), heat });
    return point;
  };
  /** The hottest place on the screen, else its middle. */
  const onEnter = ({ zoom, scrollTop, width, height }: MapWindow) => {
    const hot = hottest(cells, scrollTop / zoom, (scrollTop + height) / zoom);
    pinAt(
      hot ? hot.left + hot.width / 2 : Math.min(page.width, width / zoom) / 2,
      hot ? hot.top + hot.height / 2 : (scrollTop + height / 2) / zoom
    );
  };
  const movePin = (from: PagePoint, right: number, down: number) => {
    const { x, y } = pinAt(from.x + right, from.y + down);
    locate({ left: x, top: y, width: 0, height: 0 });
  };
  const minimap = useCallback(
    (canvas: HTMLCanvasElement, scale: number) => {
      const surface = canvas.getContext('2d');
      if (surface) {
        const radius = Math.max(look.radius, MINIMAP_REACH / scale);
        const heatScale = makeScale(look.scale, densityRange(cells, page, radius));
        paintHeat(surface, cells, { left: 0, top: 0, ...page, scale }, heatScale, { ...look, radius });
      }
    },
    [cells, page, look]
  );

  const shown = lit?.element ?? state.action;
  const glowing = elements.find(({ row, box }) => box && shown !== '' && row.element === shown);
  const fold = { foldPx: heat.fold_px, belowShare: heat.points_below_fold_share, short: bare };
  // An action that is opened, from wherever, is brought into sight.
  const opened = elements.find(({ row }) => state.action !== '' && row.element === state.action)?.box ?? null;
  const where = opened && JSON.stringify(opened);
  const zone = zones?.asked.value?.find(({ id }) => id === state.zone);
  const zoneBox = zone ? boxOfZone(zone, elements, heat.background?.id ?? '') : null;
  useEffect(() => {
    if (where) {
      locate(JSON.parse(where));
    }
  }, [where, locate]);
  return (
    <MapFrame
      page={page}
      background={heat.background}
      minimap={bare || tints ? null : minimap}
      onPoint={onPoint}
      onPick={onPick}
      onEnter={numbered || tints ? undefined : onEnter}
      onZoom={onZoom}
      strength={numbered ? undefined : look.picture}
    >
      {(window) => (
        <>
          {!numbered && !tints && <HeatLayer cells={cells} page={page} window={window} look={look} most={most} />}
          {!numbered && !tints && <HeatHint cells={cells} window={window} />}
          {!numbered && !tints && !bare && <EvenHeat cells={cells} page={page} window={window} look={look} />}
          {numbered && <Markers elements={numbered} page={page} zoom={window.zoom} lit={shown || null} fold={fold} />}
          <FoldLine {...fold} zoom={window.zoom} />
          {tints && <TintLayer tints={tints} zoom={window.zoom} opacity={look.opacity} />}
          {glowing?.box && <Glow box={glowing.box} zoom={window.zoom} dim={lit?.from !== 'map'} />}
          {zone && zoneBox && <ZoneMark name={zone.name} box={zoneBox} zoom={window.zoom} />}
          {zones?.drawn && !state.action && !tints && isDrawnOn(heat.background) && (
            <ZonePen page={page} zoom={window.zoom} drawn={zones.drawn} onDraw={zones.draw} />
          )}
          {spot && !pinned && <SpotTip spot={spot} heat={heat} zoom={window.zoom} width={page.width * window.zoom} />}
          {pinned && (
            <PinnedCard
              spot={pinned}
              heat={heat}
              zoom={window.zoom}
              page={page}
              close={() => setPin(null)}
              move={movePin}
            />
          )}
        </>
      )}
    </MapFrame>
  );
}
