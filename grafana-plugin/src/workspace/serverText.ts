// Sentences and names of the server in the language of the page.

import type { BackgroundInfo } from '../contract/generated/answers';
import { BackendError } from '../contract/transport';
import { text } from './text';

export const serverText = (notice: string): string =>
  text.notices.reduce((sentence, [found, meant]) => sentence.replace(found, meant), notice);

/** What an error means: the server's sentence where the page's language has it, else what its code stands for. */
export function errorText(error: Error): string {
  const sentence = serverText(error.message);
  return (sentence === error.message && meaningOf(error)) || sentence;
}

/** What an error's code stands for; empty in the server's own language, whose sentence says more. */
export const meaningOf = (error: Error): string => (error instanceof BackendError && text.failures[error.code]) || '';

/** The name of who sends events. */
export const senderName = (sender: string): string => text.library.health.senderNames[sender] ?? sender;

/** The name of a picture's state: what is seen in it. */
export const stateName = ({ kind, what }: BackgroundInfo['state']): string => text.background.states[kind](what);
