/** The words of the campaign pages; whoever shows one of them imports this beside it. */
import words from '~/texts/en/campaigns.json';
import imports from '~/texts/en/imports.json';
import { addTexts } from '~/texts/texts';

addTexts(words);
addTexts(imports);
