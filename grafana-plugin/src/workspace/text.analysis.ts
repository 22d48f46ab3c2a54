// The sentences of looking deeper into a heatmap: splitting, releases, conversion, views behind a depth, downloads.

import { names, plural } from '../language/words';

export const analysis = {
  split: {
    label: 'Split',
    pick: 'Split the map by',
    by: (facet: string) => `Split by ${facet}`,
    remove: 'Back to one map',
    maps: (facet: string) => `One map for each ${facet}`,
    one: (facet: string, value: string) => `${facet} ${value || '“”'}`,
    shares: (unit: string) =>
      `Colours show shares of each map’s own ${unit}, so that small groups compare with large ones.`,
    shown: (shown: number, all: string) => `The ${shown} most visited of ${all} values.`,
    none: (facet: string) => `No visit in this scope has a ${facet}.`,
    scale: (share: string) => `The hottest colour is ${share} of a map’s clicks`,
    asking: 'Gathering the clicks of each group…',
    period: 'Period',
    withBefore: 'Compare with the time before',
    now: 'This time',
    before: 'Time before',
    goal: (name: string) => `Goal ${name}`,
    byGoal: (name: string) => `Reached ${name}, or not`,
    withGoal: 'Who reached a goal, and who did not',
    reached: 'Reached it',
    notReached: 'Did not',
    reachedOf: (name: string) => `Sessions that reached ${name}`,
    notReachedOf: (name: string) => `Sessions that did not reach ${name}`,
    listOfGoal:
      'Share of each group’s clicks. Lift: how much more often visitors who reach the goal click it. Bold: unlikely to be chance (95 %).',
    lift: 'Lift',
    times: (n: string) => `${n}×`,
    difference: 'Difference',
    more: (group: string) => `more: ${group}`,
    points: (n: string) => `${n} pts`,
    list: 'Share of each group’s clicks; elements that differ most come first.',
    listOfTwo: 'Share of each group’s clicks. Bold: unlikely to be chance (95 %).',
    clearHelp: 'First group minus second group, in percentage points (pts)',
  },

  bars: {
    help: 'Drag over bars to zoom in. With keys: arrows move, Shift and arrows select, Enter zooms in.',
    label: 'Clicks over time',
    at: (when: string, clicks: string) => `${when}: ${clicks}`,
    since: names({ rage: 'First rage click:', dead: 'First dead click:', error: 'First click with an error:' }),
    before: 'before this time range',
    showSince: 'Show all of it',
    release: (version: string) => `First visit with ${version}`,
  },

  release: {
    title: (version: string) => `Before and after ${version}`,
    choose: 'Release',
    when: (time: string) => `first seen ${time}`,
    little: 'No view before or after it in this range.',
  },

  conversion: {
    title: 'Conversion',
    choose: 'Choose a goal',
    chooseOther: 'Other goal',
    remove: 'Remove the goal',
    search: 'Search pages and actions',
    pages: 'Pages',
    actions: 'Actions',
    none: 'Nothing matches.',
    lead: 'Of the sessions with this action, how many went on to a page or an action of your choice?',
    step: (sessions: string, n: number) => `${sessions} ${plural(n, 'session', 'sessions')} with this action`,
    reached: (sessions: string, share: string) => `${sessions} reached the goal, ${share}`,
    time: (time: string) => `median time ${time}`,
    missed: 'Map of those who did not',
    both: 'Compare both groups',
    toGoal: (label: string) => `Use ${label} as the goal`,
  },

  reached: {
    past: (depth: string) => `Views that got past ${depth} px`,
    still: 'Views that never scrolled',
    counted: (views: string, n: number, sessions: string, s: number) =>
      `${views} ${plural(n, 'view', 'views')} in ${sessions} ${plural(s, 'session', 'sessions')}; the latest:`,
    insight: (share: string, of: string) => `${share} of views got past ${of} of the page.`,
    open: 'Show the views',
    back: 'Back to the insights',
  },

  download: {
    label: 'Download',
    picture: 'Picture of the map (PNG)',
    list: 'List as a table (CSV)',
    report: 'Report to print (PDF)',
    openView: 'Open this view',
    madeAt: (when: string) => `Made ${when}`,
    scaled: (share: string) => `This picture is ${share} of the page’s own size: a browser cannot draw a larger one.`,
    failed: 'The download could not be prepared.',
    making: 'Preparing the download…',
    heat: (unit: string) => `Heat: ${unit}`,
    scroll: 'Share of views that got this far',
    columns: {
      rank: 'rank',
      name: 'action',
      element: 'element',
      clicks: 'clicks',
      share: 'share',
      users: 'users',
      sessions: 'sessions',
      rage: 'rage clicks',
      dead: 'dead clicks',
      error: 'error clicks',
      reaction: 'median reaction ms',
      visible: 'visible on the background',
      depth: 'depth px',
      views: 'views',
    },
  },

  stopped: {
    title: 'You stopped this.',
    again: 'Ask again',
  },
  slow: {
    stats: 'Counting this page’s visits…',
    action: 'Looking into this action…',
    sessions: 'Looking for the latest sessions…',
  },

  few: (views: string, n: number) =>
    `Few clicks: about ${views} more ${plural(n, 'view', 'views')} are needed for shares to be within ±5 points.`,
  noUsersHere:
    'The site sets no user, so people cannot be told apart. Its SDK’s setUser function fills the user columns.',

  applications: {
    top: (application: string) => `Most visited pages of ${application}`,
    search: (n: string) => `Search ${n} applications`,
    searchAll: 'Search all applications',
    noneFound: 'No application matches.',
    all: 'All pages',
    back: 'Other application',
    none: 'No page was visited in this time range.',
  },

  causes: {
    checked: { likely: 'Likely cause', ruledOut: 'Checked, and not the cause', unknown: 'Could not be checked here' },
    filters: 'The filters, the signal or the window width exclude everything',
    filtersFound: (n: string) => `without them there are ${n}`,
    application: 'There is no application with this name: choose one from the list',
    range: 'There is nothing in this time range',
    rangeFound: (n: string) => `at all times there are ${n}`,
    page: 'The page has another name: see the list of pages',
    arriving: 'Nothing arrives at this server: check the address in the SDK’s settings',
    arrivingFound: (when: string) => `the last event arrived ${when}`,
    actions: 'RUM actions are not enabled: set trackUserInteractions: true',
    actionsFound: (views: string) => `${views}, but no actions`,
    sdk: 'The SDK is too old: click maps need 4.20.0 or newer of Datadog’s browser SDK, scroll maps 4.50.0',
    changed: 'The page has recently changed drastically: choose a newer background',
    changedFound: (share: string) => `${share} of the clicks are on elements that this picture lacks`,
    recording: 'Sessions are not recorded: start it in the SDK (startSessionReplayRecording)',
    recordingFound: (recorded: string, views: string) => `${recorded} of ${views} have a replay`,
    waiting: 'The picture is still being drawn: that takes a few minutes',
    chromium: 'Pictures are drawn by Chromium on the server, which is not available: see the Health page',
    health: 'What arrives, and what is missing',
  },
};
export type AnalysisText = typeof analysis;
