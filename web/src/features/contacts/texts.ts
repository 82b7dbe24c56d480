/** The words of the contacts' pages; whoever shows one of them imports this beside it. */
import audience from '~/texts/en/audience.json';
import words from '~/texts/en/contacts.json';
import imports from '~/texts/en/imports.json';
import { addTexts } from '~/texts/texts';

addTexts(audience);
addTexts(words);
addTexts(imports);
