/** The answers to STOP and START as they are being changed. */
import type { OptOutSettings, OptOutWish } from '~/api/contract';

/** The most characters of a text of one's own. */
export const MOST = 1024;

/** The usual words, one's own, or nothing. */
export const choices = ['usual', 'own', 'none'] as const;
export type Choice = (typeof choices)[number];

export const acts = ['stop', 'start'] as const;
export type Act = (typeof acts)[number];

/** An answer; its text stays while another choice is looked at. */
export interface Answer {
  choice: Choice;
  text: string;
}

export type Answers = Record<Act, Answer>;

const answerOf = ({ send, text }: OptOutSettings[Act]): Answer => ({
  choice: send ? (text === null ? 'usual' : 'own') : 'none',
  text: text ?? '',
});

export const answersOf = ({ stop, start }: OptOutSettings): Answers => ({
  stop: answerOf(stop),
  start: answerOf(start),
});

/** One that is switched off keeps its words, so that they are there when it is switched on again. */
const wishOf = ({ choice, text }: Answer): OptOutWish[Act] => {
  const own = text.trim();
  const kept = choice === 'own' || (choice === 'none' && lengthOf(own) <= MOST);
  return { send: choice !== 'none', text: kept && own ? own : null };
};

export const optOutWish = ({ stop, start }: Answers, version: number): OptOutWish => ({
  stop: wishOf(stop),
  start: wishOf(start),
  version,
});

export const isDirty = (now: Answers, settings: OptOutSettings): boolean =>
  JSON.stringify(optOutWish(now, 0)) !== JSON.stringify(optOutWish(answersOf(settings), 0)) ||
  acts.some((act) => isMissing(now[act]));

export const isMissing = ({ choice, text }: Answer): boolean => choice === 'own' && !text.trim();

/** How many characters too many. */
export const over = ({ choice, text }: Answer): number =>
  choice === 'own' ? Math.max(0, lengthOf(text.trim()) - MOST) : 0;

/** Characters as people count them. */
export const lengthOf = (text: string): number => [...text].length;
