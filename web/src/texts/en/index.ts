/** The catalogue, by the part of the console that says the words; `templates.json` comes with its pages. */
import campaigns from './campaigns.json';
import inbox from './inbox.json';
import settings from './settings.json';
import shell from './shell.json';

const en = { ...shell, ...inbox, ...settings, ...campaigns };

export default en;
