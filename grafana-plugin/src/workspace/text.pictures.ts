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
    resized: (apart: string, clicks: string) =>
      `${apart} of ${clicks} clicked elements ${apart === '1' ? 'has' : 'have'} another size`,
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
    title: 'This is a wireframe: there is no usable picture of this page.',
    drawn: 'It shows the clicked elements at their recorded positions.',
    how: 'How to get a picture',
    ways: [
      'Record session replays with their style sheets. Grafana Faro leaves them out by default: set inlineStylesheet to true in its replay instrumentation.',
      'Let Isotherm fetch style sheets from your site: allow it on the page “Sites”.',
      'Take a picture from the page’s address, or upload one: “Choose background”, then “New picture”.',
    ],
  },
  shows: (share: string) => `shows ${share} of clicks`,
  auto: 'Automatic',
  autoWhy:
    'Automatic chooses among the usable pictures for the device with most clicks: the one that shows most of them. If several show as many, the page as first seen comes first, then the more accurate and the newer picture.',
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
    'Makes pictures of this page from its latest recordings, one for each state in which people clicked. Pictures that show no further clicks are deleted.',
  address: 'Address',
  addressHelp:
    'If empty: the address of the latest visit. Only the application’s sites can be opened; a refused site can then be allowed.',
  addressWrong: 'An address starts with http:// or https://.',
  window: 'Window width, px',
  windowWrong: 'A window is 200 to 4000 px wide.',
  windows: { 1440: 'Desktop', 1024: 'Tablet', 390: 'Phone' },
  hide: 'Hide (selectors, one per line)',
  hideHelp: 'Banners and chat windows that cover the page',
  click: 'Click first (selectors, one per line)',
  clickHelp: 'For example the button that accepts cookies',
  more: 'Options',
  file: 'Picture',
  fileChoose: 'Choose a file',
  fileHelp: (limit: string) => `PNG, JPEG or WebP of the whole page, at most ${limit}`,
  fileType: 'The picture must be PNG, JPEG or WebP.',
  fileLarge: (size: string, limit: string) =>
    `The picture has ${size}; at most ${limit} can be sent. Save it as WebP, or with fewer pixels.`,
  fileWindow: 'Window width that the picture shows, px',
  fileWindowHelp: 'A picture with another width, such as from a high-resolution screen, is scaled to this width.',
  fileState: 'What it shows (optional)',
  fileNoBoxes: 'An uploaded picture has no element positions: it only shows clicks with a position on the page.',

  working: { replay: 'Making pictures from replays…', url: 'Opening the page…', upload: 'Sending the picture…' },
  waiting: 'Waiting for its turn…',
  progress: 'Progress of the new picture',
  done: (n: string, count: number) => (count === 1 ? 'The new picture is ready.' : `${n} pictures are ready.`),
  same: 'Done: the existing pictures already show everything that new ones would.',
  show: 'Show it',
  failed: 'No picture was made.',
};

export type PicturesText = typeof pictures;
