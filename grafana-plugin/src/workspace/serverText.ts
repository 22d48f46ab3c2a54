// Sentences and names of the server in the language of the page.

import { text } from './text';

export const serverText = (notice: string): string =>
  text.notices.reduce((sentence, [found, meant]) => sentence.replace(found, meant), notice);

/** The name of who sends events. */
export const senderName = (sender: string): string => text.library.health.senderNames[sender] ?? sender;

/** The name of a picture's state. */
export function stateName(state: string): string {
  const nth = /^state (\d+)$/.exec(state);
  return nth ? text.background.nthState(nth[1]) : (text.background.states[state] ?? state);
}
