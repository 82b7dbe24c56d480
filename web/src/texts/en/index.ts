/** The catalogue, by the part of the console that says the words. */
import campaigns from './campaigns.json';
import inbox from './inbox.json';
import settings from './settings.json';
import shell from './shell.json';
import templates from './templates.json';

const en = { ...shell, ...inbox, ...settings, ...templates, ...campaigns };

export default en;
