/** The catalogue, by the part of the console that says the words; `audience.json`, `campaigns.json`, `contacts.json`, `imports.json`, `ongoing.json` and `templates.json` come with their pages. */
import inbox from './inbox.json';
import settings from './settings.json';
import shell from './shell.json';

const en = { ...shell, ...inbox, ...settings };

export default en;
