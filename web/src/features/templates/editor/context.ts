import { createContext, useContext } from 'react';
import type { Form } from './form';
import type { Said } from './problems';

interface Editing {
  form: Form;
  set: (change: Partial<Form>) => void;
  /** What is wrong at a field, of one variable where there are several. */
  said: (path: string, variable?: string) => Said;
  /** Meta has it already: its name, language and account stay. */
  submitted: boolean;
  /** Meta approved it: its category stays. */
  approved: boolean;
}

export const EditingContext = createContext<Editing | null>(null);

/** The form that is being written. */
export function useEditing(): Editing {
  const editing = useContext(EditingContext);
  if (!editing) throw new Error('no editor around');
  return editing;
}
