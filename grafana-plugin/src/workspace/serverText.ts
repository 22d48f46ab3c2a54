// Sentences and names of the server in the language of the page.

import type { BackgroundInfo } from '../contract/generated/answers';
import { text } from './text';

export const serverText = (notice: string): string =>
  text.notices.reduce((sentence, [found, meant]) => sentence.replace(found, meant), notice);

/** The name of who sends events. */
export const senderName = (sender: string): string => text.library.health.senderNames[sender] ?? sender;

/** The name of a picture's state: what is seen in it. */
export const stateName = ({ kind, what }: BackgroundInfo['state']): string => text.background.states[kind](what);
