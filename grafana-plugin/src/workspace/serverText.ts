// Sentences and names of the server in the language of the page.

import type { BackgroundInfo } from '../contract/generated/answers';
import { BackendError } from '../contract/transport';
import { text } from './text';

export const serverText = (notice: string): string =>
  text.notices.reduce((sentence, [found, meant]) => sentence.replace(found, meant), notice);

/** What a failure's code means in the language of the page; "" where the server's own sentence is in that language. */
export const meaningOf = (error: Error): string =>
  error instanceof BackendError ? (text.failures[error.code] ?? '') : '';

/** Whether the page has no words for what the server said, and says what its code means instead. */
export const isForeign = (error: Error): boolean =>
  meaningOf(error) !== '' && serverText(error.message) === error.message;

/** A failure in one sentence of the page's language, as far as it has words for it. */
export const failureText = (error: Error): string => (isForeign(error) ? meaningOf(error) : serverText(error.message));

/** The name of who sends events. */
export const senderName = (sender: string): string => text.library.health.senderNames[sender] ?? sender;

/** The name of a picture's state: what is seen in it. */
export const stateName = ({ kind, what }: BackgroundInfo['state']): string => text.background.states[kind](what);
