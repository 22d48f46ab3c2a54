// The sentences about the picture that a map lies on, and about making another. Chinese is in text.pictures.zh.ts.

import type { StateKind } from '../contract/generated/queries';
import { plural } from '../language/words';

export const pictures = {
  label: 'Background',
  origin: { replay: 'From a replay', url: 'Captured live', upload: 'Uploaded', wireframe: 'Wireframe' },
  /** What a picture shows of its page; `what` is a name that was found on it, "" = none. */
  states: {
    found: () => 'As first seen',
    live: () => 'As it is now',
    uploaded: (what) => what || 'Uploaded picture',
    menu: (what) => (what ? `Menu “${what}” open` : 'Menu open'),
    dialog: (what) => (what ? `Dialog “${what}”` : 'Dialog open'),
    tab: (what) => (what ? `Tab “${what}”` : 'Another tab'),
    after: (what) => (what ? `After “${what}”` : 'After a click'),
    later: () => 'A moment later',
    other: () => 'Another state',
    wireframe: () => 'Wireframe',
  } satisfies Record<StateKind, (what: string) => string> as Record<StateKind, (what: string) => string>,
  seen: (when: string) => `as on ${when}`,
  size: (w: string, h: string) => `${w} × ${h} px`,
  cut: (h: string) => `the page is ${h} px high`,
  measured: {
    true: 'True to the recording',
    shifted: (from: string, by: string) => `Shifted below ${from} px by up to ${by} px`,
    resized: (apart: string, clicks: string) => `${apart} of ${clicks} clicked elements have another size`,
    unusable: 'Not usable',
    elsewhere: (apart: string, clicks: string) => `${apart} of ${clicks} clicks were elsewhere`,
    because: (head: string, reason: string) => `${head}: ${reason}`,
    compared: (clicks: string, count: number) =>
      `${clicks} ${plural(count, 'click', 'clicks')} of the recording compared: page height, sizes and places.`,
    missing: {
      styles: (n: string, count: number) => `${n} style ${plural(count, 'sheet', 'sheets')}`,
      images: (n: string, count: number) => `${n} ${plural(count, 'image', 'images')}`,
      fonts: (n: string, count: number) => `${n} ${plural(count, 'font', 'fonts')}`,
    } as Record<string, (n: string, count: number) => string>,
    lacked: (parts: string[], count: number) => `${parts.join(' and ')} ${plural(count, 'was', 'were')} missing`,
  },
  others: {
    label: 'Other states of this page',
    lead: (clicks: string, count: number) => `${clicks} more ${plural(count, 'click', 'clicks')} in other states:`,
    one: (state: string, clicks: string) => `${state} · ${clicks}`,
    device: { phone: 'phone', tablet: 'tablet', desktop: 'desktop' },
  },
  wireframe: {
    title: 'This is a wireframe: there is no picture of this page that looks like it.',
    drawn: 'It has the elements that were clicked, where the recordings say they were.',
    how: 'How to get a picture',
    ways: [
      'Record session replays with their style sheets. Grafana Faro leaves them out by default: set inlineStylesheet to true in its replay instrumentation.',
      'Let Isotherm fetch style sheets from your site: name its host in the setting sheet_hosts.',
      'Take a picture from the page’s address, or upload one: “Choose background”, then “New picture”.',
    ],
  },
  shows: (share: string) => `shows ${share} of clicks`,
  auto: 'Automatic',
  autoWhy:
    'Automatic means: of the pictures that look like the page, for the device with most clicks, the one that shows most clicks; between equals the page as first seen, then the truer and the newer one.',
  pinned: 'Pinned',
  pinnedWhy: 'A pinned picture is everyone’s automatic choice, until it is unpinned.',
  chosen: 'Chosen by you',
  choose: 'Choose background',
  useAuto: 'Back to automatic',
  list: 'Pictures of this page',
  none: 'There is no picture of this page yet.',

  pin: (state: string) => `Pin ${state} as everyone’s choice`,
  unpin: (state: string) => `Unpin ${state}`,
  remove: (state: string) => `Delete ${state}`,
  removeAsk: 'Delete this picture for everyone? Shared snapshots keep theirs.',
  removeYes: 'Delete',
  removeNo: 'Keep',

  make: 'New picture',
  ways: { replay: 'From replays', url: 'From its address', upload: 'Upload' },
  way: 'Where the picture comes from',
  submit: { replay: 'Make pictures', url: 'Take the picture', upload: 'Upload' },
  replayHelp:
    'Draws this page anew from its latest recordings, in each of the states that people clicked in. Pictures that show nothing of their own are cleared away.',
  address: 'Address',
  addressHelp:
    'Empty: the address of the latest visit. Only the application’s sites may be opened; a refused one can be allowed at once.',
  addressWrong: 'An address starts with http:// or https://.',
  window: 'Window width, px',
  windowWrong: 'A window is 200 to 4000 px wide.',
  windows: { 1440: 'Desktop', 1024: 'Tablet', 390: 'Phone' },
  hide: 'Take away (selectors, one a line)',
  hideHelp: 'Banners and chat windows that lie on the page',
  click: 'Click first (selectors, one a line)',
  clickHelp: 'For example the button that accepts cookies',
  more: 'Options',
  file: 'Picture',
  fileChoose: 'Choose a file',
  fileHelp: (limit: string) => `PNG, JPEG or WebP of the whole page, at most ${limit}`,
  fileType: 'The picture must be PNG, JPEG or WebP.',
  fileLarge: (size: string, limit: string) =>
    `The picture has ${size}; at most ${limit} can be sent. Save it as WebP, or with fewer pixels.`,
  fileWindow: 'Window width that the picture shows, px',
  fileWindowHelp: 'A picture of another width, as from a screen of twice the pixels, is scaled to it.',
  fileState: 'What it shows (optional)',
  fileNoBoxes: 'An uploaded picture knows no elements: only clicks with a position on the page show on it.',

  working: { replay: 'Drawing the page from replays…', url: 'Opening the page…', upload: 'Sending the picture…' },
  waiting: 'Waiting for its turn…',
  progress: 'Progress of the new picture',
  done: (n: string, count: number) => (count === 1 ? 'The new picture is there.' : `${n} pictures are there.`),
  same: 'Done: the pictures at hand already show everything that the new ones would.',
  show: 'Show it',
  failed: 'No picture was made.',
};

export type PicturesText = typeof pictures;
