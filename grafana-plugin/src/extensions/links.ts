// Links to Isotherm in Grafana's own menus: a row each. plugin.json lists the same titles and places.

import {
  PluginExtensionPoints,
  type PanelData,
  type PluginExtensionAddedLinkConfig,
  type PluginExtensionPanelContext,
  type RawTimeRange,
} from '@grafana/data';
import type { DataQuery } from '@grafana/schema';

import { APP_PATH, TRACE } from '../grafana/sources';
import { pathOfAlert, pathOfQueries, pathOfTrace, type AlertContext, type TraceContext } from './heatmapPath';
import { previewOf } from './preview';
import { text } from './text';
import { english } from './text.en';

/** What Explore gives a link; Grafana does not publish the type. */
interface ExploreContext {
  targets: DataQuery[];
  timeRange: RawTimeRange;
}

/**
 * A context as it is, below Grafana's read-only proxy: reading what is frozen (rules, queries of Explore) through the
 * proxy is a TypeError. Links only read.
 */
function plain<T extends object>(context: unknown): T {
  const properties = Object.entries(Object.getOwnPropertyDescriptors(context as T));
  return Object.fromEntries(properties.map(([name, { value }]) => [name, value])) as T;
}

/** Without a path there is nothing to open, and no link. */
const opened = (path: string | null, description: string) =>
  path === null ? undefined : { path, title: text.open, description };

const openPanel = ({ targets, timeRange, scopedVars, data }: PluginExtensionPanelContext) => {
  // What was asked last knows which data source a variable stands for, and the dashboard's filters.
  const request = (data as PanelData | undefined)?.request;
  return pathOfQueries(request?.targets ?? targets ?? [], timeRange, scopedVars, request?.filters);
};

const openExplore = ({ targets, timeRange }: ExploreContext) => pathOfQueries(targets ?? [], timeRange);

/** The heatmap of what a place is about, by the place. */
const pathsOf: Record<string, (context: object) => string | null> = {
  [PluginExtensionPoints.DashboardPanelMenu]: (context) => openPanel(plain(context)),
  [PluginExtensionPoints.ExploreToolbarAction]: (context) => openExplore(plain(context)),
  [PluginExtensionPoints.AlertInstanceAction]: (context) => pathOfAlert(plain<AlertContext>(context)),
  [PluginExtensionPoints.TraceViewHeaderActions]: (context) => pathOfTrace(plain<TraceContext>(context)),
};

/** A map is of one page, a trace's of the page of its click. */
const isOfOnePage = (path: string | null): path is string => {
  const params = new URLSearchParams(path?.split('?')[1]);
  return params.has('page') || params.has(TRACE);
};

/** A row for each place: Grafana does not say to `configure` where a link is. */
const previewAt = (title: string, place: string): PluginExtensionAddedLinkConfig => ({
  title,
  description: english.previewOf,
  targets: [place],
  icon: 'eye',
  category: place === PluginExtensionPoints.ExploreToolbarAction ? 'Isotherm' : undefined,
  onClick: (_, { context, openModal }) => {
    const path = context ? pathsOf[place](context) : null;
    if (isOfOnePage(path)) {
      openModal({ title: text.preview, body: previewOf(path) });
    }
  },
  configure: (context) =>
    context && isOfOnePage(pathsOf[place](context)) ? { title: text.preview, description: text.previewOf } : undefined,
});

/** Where a link leads before its context is known; Grafana wants one. */
const HOME = APP_PATH;

export const LINKS: PluginExtensionAddedLinkConfig[] = [
  {
    title: english.open,
    description: english.openOf,
    targets: [PluginExtensionPoints.DashboardPanelMenu],
    icon: 'external-link-alt',
    path: HOME,
    configure: (context) => context && opened(openPanel(plain(context)), text.openOf),
  },
  {
    title: 'Open the query in Isotherm',
    description: english.openOf,
    targets: [PluginExtensionPoints.ExploreToolbarAction],
    icon: 'external-link-alt',
    category: 'Isotherm',
    path: HOME,
    configure: (context) => context && opened(openExplore(plain(context)), text.openOf),
  },
  {
    title: 'Open the alert in Isotherm',
    description: english.openAlert,
    targets: [PluginExtensionPoints.AlertInstanceAction],
    icon: 'external-link-alt',
    path: HOME,
    configure: (context) => context && opened(pathOfAlert(plain<AlertContext>(context)), text.openAlert),
  },
  {
    title: 'Open the click in Isotherm',
    description: english.openTrace,
    targets: [PluginExtensionPoints.TraceViewHeaderActions],
    icon: 'external-link-alt',
    path: HOME,
    configure: (context) => context && opened(pathOfTrace(plain<TraceContext>(context)), text.openTrace),
  },
  {
    title: english.connect,
    description: english.connectOf,
    targets: [PluginExtensionPoints.CommandPalette],
    category: 'Isotherm',
    path: `${APP_PATH}/connect`,
    configure: () => ({ title: text.connect, description: text.connectOf }),
  },
  previewAt(english.preview, PluginExtensionPoints.DashboardPanelMenu),
  previewAt('Preview the query', PluginExtensionPoints.ExploreToolbarAction),
  previewAt('Preview the alert', PluginExtensionPoints.AlertInstanceAction),
  previewAt('Preview the click', PluginExtensionPoints.TraceViewHeaderActions),
];
