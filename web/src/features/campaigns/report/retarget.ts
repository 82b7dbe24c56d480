/** Whom one may want to write to again, by what became of the message. */
import type { Funnel } from '../contract';

export interface RetargetChoice {
  name: 'notRead' | 'read' | 'replied' | 'failed';
  /** The states of those who are meant. */
  outcome: string[];
  count: number;
}

export const choices = ({ delivered, read, replied, failed }: Funnel): RetargetChoice[] => [
  { name: 'notRead', outcome: ['delivered'], count: Math.max(0, delivered - read) },
  { name: 'read', outcome: ['read'], count: read },
  { name: 'replied', outcome: ['replied'], count: replied },
  { name: 'failed', outcome: ['failed'], count: failed },
];
