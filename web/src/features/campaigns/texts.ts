/** The words of the campaign pages; whoever shows one of them imports this beside it. */
import audience from '~/texts/en/audience.json';
import words from '~/texts/en/campaigns.json';
import imports from '~/texts/en/imports.json';
import ongoing from '~/texts/en/ongoing.json';
import { addTexts } from '~/texts/texts';

addTexts(audience);
addTexts(words);
addTexts(imports);
addTexts(ongoing);
