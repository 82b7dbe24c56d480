/** Which of Meta's rules is broken where, and in which words it is said. */
import type { TFunction } from 'i18next';
import type { TemplateProblem } from '~/api/contract';
import catalogue from '~/texts/en/templates.json';

const words = catalogue.templateProblems;
type Code = keyof typeof words;

/** A rule in words; one that is new to this console is said by its code. */
export function problemWords(t: TFunction<'texts'>, { code, params, message }: TemplateProblem): string {
  if (message && !Object.hasOwn(words, code)) return message;
  const known = Object.hasOwn(words, code) ? (code as Code) : 'other';
  return t(`templateProblems.${known}`, { ...params, code, open: '{{', close: '}}' });
}

export const isError = ({ severity }: TemplateProblem): boolean => severity !== 'warning';

/** A path as the form names its fields: `components.buttons[0].text` and `components.buttons.0.text` are one. */
export const pathOf = (field: string): string =>
  field
    .replace(/\[(\d+)\]/g, '.$1')
    .replace(/^components\./, '')
    .toLowerCase();

/** What is shown of it before somebody left the field or asked: nothing is missing that was not reached yet. */
const isMissing = ({ code }: TemplateProblem): boolean => /_(required|empty)$/.test(code);

export interface Said {
  errors: TemplateProblem[];
  warnings: TemplateProblem[];
}

/** The problems by field; of untouched fields only what is there and wrong. */
export function problemsByField(
  problems: TemplateProblem[],
  isReached: (path: string) => boolean,
): (path: string, variable?: string) => Said {
  const shown = problems.filter((each) => !isMissing(each) || isReached(pathOf(each.field)));
  return (path, variable) => {
    const here = shown.filter(
      (each) => pathOf(each.field) === path && (variable === undefined || each.params?.variable === variable),
    );
    return { errors: here.filter(isError), warnings: here.filter((each) => !isError(each)) };
  };
}
