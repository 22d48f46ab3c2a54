// What only the pages inside Grafana say; everything else is the workspace's. Chinese is in text.zh.ts.

import { spoken } from '../language/language';
import { chinese } from './text.zh';

const english = {
  heatmap: 'Heatmap',
  noSource: 'There is no Isotherm data source yet',
  noSourceHelp: 'A data source tells Grafana where Isotherm is.',
  noSourceViewer: 'An administrator of this Grafana has to add one.',
  addSource: 'Add a data source',
  source: 'Data source',
  dashboardLink: 'Dashboard',
  dashboardLinkOf: 'The same page as a dashboard',
  add: {
    button: 'Add to dashboard',
    title: 'Add to a dashboard',
    lead: 'The panel keeps its query: application, page, filters and look as they are here. The time range is the dashboard’s.',
    what: 'What',
    panels: {
      map: 'This map',
      list: 'The list of top actions',
      scroll: 'The scroll curve',
      signals: 'Signals over time',
      clicks: 'Clicks and views over time',
      numbers: 'The numbers of the page',
    },
    panelTitle: 'Title of the panel',
    where: 'Where',
    places: { new: 'New dashboard', existing: 'Existing dashboard' },
    name: 'Name of the dashboard',
    folder: 'Folder',
    root: 'Dashboards',
    dashboard: 'Dashboard',
    find: 'Search dashboards you may edit',
    submit: 'Add',
    working: 'Adding…',
    done: (dashboard: string) => `The panel is on “${dashboard}”.`,
    open: 'Open the dashboard',
    again: 'Add another',
    close: 'Done',
    back: 'Open this heatmap in Isotherm',
    newName: (page: string) => `Heatmap of ${page}`,
  },
  configuration: {
    checking: 'checking …',
    noBackend: 'This data source has no backend.',
    sources: 'Data sources',
    none: 'There is none yet.',
  },
};

export type PagesText = typeof english;
export const text = spoken<PagesText>({ en: english, 'zh-Hans': chinese });
