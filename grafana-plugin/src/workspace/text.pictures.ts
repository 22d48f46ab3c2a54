// The sentences about the picture that a map lies on, and about making another. Chinese is in text.pictures.zh.ts.

import { names } from '../language/words';

export const pictures = {
  label: 'Background',
  origin: { replay: 'From a replay', url: 'Captured live', upload: 'Uploaded' },
  /** What the server calls states of a page. */
  states: names({ initial: 'As first seen', live: 'As it is now', uploaded: 'Uploaded picture' }),
  nthState: (n: string) => `State ${n}`,
  seen: (when: string) => `as on ${when}`,
  size: (w: string, h: string) => `${w} × ${h} px`,
  cut: (h: string) => `the page is ${h} px high`,
  fit: (share: string) => `fit ${share}`,
  fitHelp: 'Share of clicked elements that have the size on this picture that they had when they were clicked',
  shows: (share: string) => `shows ${share} of clicks`,
  auto: 'Automatic',
  autoWhy:
    'Automatic means: of the pictures for this window width, the one that shows most clicks, with 5 points ahead for the page as first seen; between equals the better fit, then the newer one.',
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
