/** The countries that people can be in, by name; the codes are asked of the browser itself. */
import { locale } from '~/texts/texts';

let made: { code: string; name: string }[] | null = null;

/** Codes that browsers know but that are no country, or no longer one. */
const none = new Set(
  'AC AN BU CP CQ CS CT DD DG DY EA EU EZ FQ FX HV IC JT MI NH NQ NT PC PU PZ QO QU RH SU TP UK UN VD WK XA XB YD YU ZR ZZ'.split(
    ' ',
  ),
);

export function countries(): { code: string; name: string }[] {
  if (made) return made;
  const names = new Intl.DisplayNames(locale(), { type: 'region', fallback: 'none' });
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  made = letters
    .flatMap((first) => letters.map((second) => first + second))
    .flatMap((code) => {
      const name = none.has(code) ? undefined : names.of(code);
      return name ? [{ code, name }] : [];
    })
    .toSorted((a, b) => a.name.localeCompare(b.name, locale()));
  return made;
}
