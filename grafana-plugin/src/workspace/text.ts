// Every sentence that the workspace shows, in one place. Chinese is in text.zh.ts.
//
// How an area gets its languages: a constant with all English sentences, its type, the same in Chinese typed by it
// (so that a missing key does not compile), and `spoken` over both. Parts read `text.…` while they are drawn, never when
// a module is loaded. The panel and the data source do the same with a text.ts of their own, and call `beginLanguage`
// with Grafana's language in their module.ts. Numbers and dates: format.ts; plurals: language/words.ts.

import type { Metric, Signal } from '../contract/query';
import type { PaletteName } from '../heatmap/palette';
import type { ScaleName } from '../heatmap/scale';
import { spoken } from '../language/language';
import { names, ordinal, plural } from '../language/words';
import { analysis } from './text.analysis';
import { library } from './text.library';
import { pictures } from './text.pictures';
import { chinese } from './text.zh';

const english = {
  product: 'Isotherm',
  loading: 'Loading',
  cancel: 'Cancel',
  retry: 'Try again',
  close: 'Close',
  apply: 'Apply',
  back: 'Back to the list',
  copied: 'Copied',
  unknown: '–',
  failed: 'This could not be loaded.',
  /** What an error of a code means, where the server's own sentence is in another language; "" = that sentence does. */
  failures: names({
    invalid: '',
    unauthorised: '',
    forbidden: '',
    not_found: '',
    conflict: '',
    too_large: '',
    unsupported: '',
    too_often: '',
    too_much_data: '',
    store_unavailable: '',
    capture_unavailable: '',
    internal: '',
    UNREACHABLE: '',
  }),
  /** Remarks of the server in this language: what is found in one is replaced. */
  remarks: [] as ReadonlyArray<readonly [RegExp, string]>,
  language: 'Language',
  explore: { button: 'Open in Explore', of: (name: string) => `Open ${name} in Explore` },
  library,
  analysis,
  slow: {
    heat: 'Gathering the clicks of this page…',
    actions: 'Ranking the actions of this page…',
    scroll: 'Measuring how far views scrolled…',
    pages: 'Counting the visits of each page…',
    other: 'Still working on it…',
  },
  theme: { dark: 'Switch to dark', light: 'Switch to light' },
  refresh: 'Refresh',

  application: 'Application',
  chooseApplication: 'Choose an application',
  page: 'Page',
  choosePage: 'Choose a page',
  searchPages: 'Search pages',
  noPages: 'No page matches.',
  topPages: 'Most visited pages',
  pageLead: 'Pick the page whose heatmap you want to see.',
  pageRank: (rank: number) => `${rank}.`,
  views: (n: string, count: number) => `${n} ${plural(count, 'view', 'views')}`,
  clicks: (n: string, count: number) => `${n} ${plural(count, 'click', 'clicks')}`,
  users: (n: string, count: number) => `${n} ${plural(count, 'user', 'users')}`,
  sessions: (n: string, count: number) => `${n} ${plural(count, 'session', 'sessions')}`,
  rageClicks: (n: string) => `${n} rage`,
  noPicture: 'No picture yet',

  maps: { clicks: 'Click map', elements: 'Top elements', scroll: 'Scroll map' },
  mapType: 'Type of map',

  time: {
    label: 'Time range',
    from: 'From',
    to: 'To',
    order: 'The start must be before the end.',
    quick: names({
      'now-1h': 'Last hour',
      'now-24h': 'Last 24 hours',
      'now-7d': 'Last 7 days',
      'now-30d': 'Last 30 days',
      'now-90d': 'Last 90 days',
      'now-365d': 'Last year',
    }),
  },

  filters: {
    label: 'Filters',
    add: 'Filter',
    remove: (name: string) => `Remove the filter ${name}`,
    pickFacet: 'Filter by',
    pickValue: (facet: string) => `Values of ${facet}`,
    searchFacets: 'Search fields',
    searchValues: 'Search values',
    noFacets: 'No field matches.',
    noValues: 'No value matches.',
    exclude: 'Exclude instead',
    back: 'Other field',
    /** Fields that every application has. */
    facets: names({
      env: 'Environment',
      service: 'Service',
      version: 'Version',
      browser: 'Browser',
      os: 'Operating system',
      device: 'Device',
      country: 'Country',
      city: 'City',
      user: 'User',
      url: 'Address',
      width: 'Window width',
      element: 'Element',
      action_name: 'Action',
    }),
  },
  width: {
    label: 'Window width',
    all: 'All',
    wide: '> 1280',
    medium: '768–1280',
    narrow: '< 768',
    custom: 'Custom',
    customOf: (min: string, max: string) => `${min || '0'}–${max || '∞'} px`,
    min: 'At least, px',
    max: 'At most, px',
    order: 'The smaller number comes first.',
  },
  signal: {
    label: 'Signal',
    names: {
      all: 'All',
      rage: 'Rage',
      dead: 'Dead',
      error: 'Error',
      first: 'First click',
      last: 'Last click',
    } as Record<Signal, string>,
    help: {
      all: 'Every click',
      rage: 'Quick repeated clicks on one spot',
      dead: 'Clicks that nothing answered',
      error: 'Clicks followed by an error',
      first: 'The first click of each view',
      last: 'The last click of each view',
    } as Record<Signal, string>,
  },
  metric: {
    label: 'Counted as',
    names: { clicks: 'Clicks', users: 'Users', sessions: 'Sessions' } as Record<Metric, string>,
    units: { clicks: 'clicks', users: 'users', sessions: 'sessions' } as Record<Metric, string>,
  },

  map: {
    heading: (page: string) => `Heatmap of ${page}`,
    label: (page: string) => `Map of ${page}`,
    spot: (value: string, share: string) => `${value} · ${share} here`,
    spotNothing: 'No clicks here',
    inElement: (name: string) => `in ${name}`,
    inThis: (clicks: string, share: string) => `${clicks} · ${share} in the whole element`,
    pinned: 'Pinned spot',
    analyse: 'More analysis',
    copyName: 'Copy name',
    unnamed: 'Unnamed element',
    fold: (px: string) => `Average fold · ${px} px`,
    foldBelow: (share: string) => `${share} of clicks below`,
    minimap: 'Whole page; drag the frame to scroll',
    noPicture: 'No picture of this page',
    pictureFailed: 'Part of the picture could not be loaded.',
    usersPerSpot: 'A user who clicks several spots counts at each of them.',
  },
  legend: {
    label: 'Legend',
    points: 'Each point is one spot that was clicked',
    from: '1',
    to: (value: string, unit: string) => `${value} ${unit} on the hottest spot`,
  },
  zoom: {
    label: 'Zoom',
    fit: 'Fit width',
    page: 'Whole page',
    in: 'Zoom in',
    out: 'Zoom out',
  },

  stats: {
    label: 'Statistics of the page',
    clicks: 'clicks',
    rage: 'rage clicks',
    time: 'on page',
    end: 'end here',
    errors: 'errors',
    rank: (rank: number, of: number) => `${ordinal(rank)} of ${of} ${plural(of, 'page', 'pages')} by views`,
    users: (n: string, count: number) => `${n} ${plural(count, 'user', 'users')}`,
    noUsers: 'no users known',
    noUsersHelp:
      'User counts are empty because the site sets no user. Call the setUser function of its SDK to fill them.',
    placed: (share: string) => `${share} of clicks placed`,
  },

  list: {
    actions: 'Actions',
    elements: 'Top elements',
    none: 'No clicks in this scope.',
    rank: '#',
    name: 'Action',
    clicks: 'Clicks',
    share: 'Share',
    shareHelp: 'Share of all clicks in scope on this page',
    signals: 'Signals',
    place: 'Place',
    show: (name: string) => `Show ${name} on the map`,
    details: (name: string) => `More about ${name}`,
    hidden: 'Element is not visible on this background',
    hiddenSwitch: 'Element is not visible here. Switch to the background that shows it.',
  },
  unplaced: {
    title: (share: string) => `Not placed: ${share}`,
    reasons: names({
      no_background: 'no picture of this page',
      no_selector: 'the SDK named no element',
      element_gone: 'element gone from this picture',
      other_element: 'another element stands there',
      hidden: 'hidden in this state',
      clipped: 'scrolled away inside a container',
      covered: 'covered in this state',
      outside_picture: 'outside the picture',
      no_position: 'no position (custom actions)',
    }),
  },
  signals: {
    rage: (n: string) => `${n} rage`,
    dead: (n: string) => `${n} dead`,
    error: (n: string) => `${n} error`,
  },

  details: {
    label: 'Action details',
    copyKey: 'Copy element key',
    rank: (rank: number, of: number) => `${ordinal(rank)} of ${of}`,
    popularity: 'Popularity',
    clicks: 'Clicks',
    share: 'Share',
    users: 'Users',
    sessions: 'Sessions',
    reaction: 'Median reaction',
    signals: 'Signals',
    none: 'none',
    overTime: 'Clicks over time',
    next: 'Where sessions go next',
    nextNone: 'Sessions ended here.',
    replays: 'Latest sessions',
    replaysNone: 'No session in this scope.',
    replayColumns: { time: 'Time', duration: 'Length', user: 'User', client: 'Client' },
    anonymous: 'Not identified',
    play: 'Play',
    gone: 'No clicks on this element in this scope.',
    seriesSummary: (total: string, peak: string, when: string) => `${total} clicks; most (${peak}) at ${when}`,
  },

  scroll: {
    bar: 'Depth bar',
    reached: (share: string, views: string) => `${share} of views (${views}) got here`,
    at: (px: string) => `${px} px`,
    curve: 'Share of views by depth',
    insights: 'Insights',
    measured: (views: string, count: number) => `${views} measured ${plural(count, 'view', 'views')}`,
    end: 'Half of the views got to the end of the page.',
    half: (px: string, share: string) => `Half of the views got to ${px} px, ${share} of the page.`,
    quarter: (px: string) => `A quarter got to ${px} px or further.`,
    drop: (share: string, from: string, to: string) => `The biggest drop, ${share}, is between ${from} and ${to} px.`,
    dropMark: (share: string) => `Biggest drop · ${share}`,
    never: (share: string) => `${share} never scrolled.`,
    fold: (px: string) => `Without scrolling, people see ${px} px on average.`,
    unmeasured: (n: string) => `${n} views were too short to be measured.`,
    meaningless: (n: string) => `${n} views scroll inside a container and have no replay: their depth says nothing.`,
    mapped: (n: string, low: string, high: string) =>
      `Page heights differ (${low}–${high} px): the depth of ${n} views is mapped by its share of their own page.`,
    show: 'Show on the map',
    none: 'No view in this scope has a measured depth.',
    label: (share: string) => `${share} of views`,
  },

  background: pictures,

  settings: {
    label: 'Look of the heat',
    palette: 'Colours',
    palettes: {
      inferno: 'Inferno',
      classic: 'Blue to red',
      cividis: 'Cividis (colour-blind safe)',
      viridis: 'Viridis (colour-blind safe)',
    } as Record<PaletteName, string>,
    opacity: 'Opacity',
    radius: 'Radius',
    scale: 'Scale',
    scales: { linear: 'Linear', log: 'Logarithmic', quantile: 'Quantiles' } as Record<ScaleName, string>,
    reset: 'Reset',
  },

  sheet: { label: 'About this page', content: 'Numbers and lists', open: 'Show details', shut: 'Show map' },

  empty: {
    noEvents: {
      title: 'No data has arrived yet',
      body: 'Point the RUM SDK of a site at this server, or load the sample sessions with “isotherm demo”. New data shows up within a minute.',
    },
    noData: {
      title: 'No views of this page here',
      body: 'The likely causes, most likely first:',
    },
    noClicks: {
      title: 'Not enough data to generate a heatmap',
      body: 'No user action could be matched with this page. The likely causes:',
    },
    noReplay: {
      title: 'No Replay Data',
      body: 'No session replay that could serve as a picture matches this page. If recording started only just now, it may take a few minutes. Otherwise:',
    },
    cures: {
      filters: 'Remove filters',
      range: 'Look at the last year',
      pages: 'Choose another page',
      background: 'Choose background',
    },
    failed: 'The server could not answer',
  },
};

/** What each language has to say. */
export type Text = typeof english;
export const text = spoken<Text>({ en: english, 'zh-Hans': chinese });
