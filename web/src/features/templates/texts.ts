/** The words of the template pages; whoever shows one of them imports this beside it. */
import words from '~/texts/en/templates.json';
import { addTexts } from '~/texts/texts';

addTexts(words);
