import type { ReactNode } from 'react';
import type { Conversation } from '~/api/contract';
import type { ConversationActions } from '~/features/conversations/useActions';
import { useAboutConversation } from './aboutConversation';
import { useGeneral } from './general';
import { usePlaces } from './places';

/** What the palette lists before a step is taken, and the lists that some commands lead on to. */
export type Step = 'start' | 'assign' | 'snooze';

export interface Command {
  id: string;
  group: 'conversation' | 'do' | 'goTo' | 'choose';
  text: string;
  icon: ReactNode;
  /** Found by these words too. */
  otherNames?: string;
  /** A second, quieter text. */
  note?: string;
  keys?: string[];
  /** Leads on to another list instead of doing something. */
  step?: Step;
  run?: () => void;
}

/** Everything that may be done from here, in the words of the reader. */
export function useCommands(
  step: Step,
  conversation: Conversation | null,
  actions: ConversationActions | null,
): Command[] {
  const about = useAboutConversation(step, conversation, actions);
  const general = useGeneral();
  const places = usePlaces();
  return step === 'start' ? [...about, ...general, ...places] : about;
}
