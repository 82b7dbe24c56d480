import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TemplateComponent } from '~/api/contract';
import { LocationBody } from '~/features/messages/bodies/LocationBody';
import type { Place } from '~/features/messages/content';
import { clock } from '~/lib/format';
import type { ButtonRow } from '../ButtonRows';
import { TemplateCard } from '../TemplateCard';
import { directionOf, type Values } from '../variables';
import { type Drawing, type DrawnButton, draw } from './drawing';
import { HeaderPicture, type PreviewMedia } from './HeaderPicture';
import { OfferBox } from './OfferBox';
import { OptionsSheet } from './OptionsSheet';
import classes from './TemplateBubble.module.css';

export interface PreviewProps {
  /** Meta's components, as the template has them or as they are being written. */
  components: TemplateComponent[];
  /** What is filled in, by key: `header.1`, `body.first_name`, `button.0.url`. Open places are shown as such. */
  values?: Values;
  /** The file above the words, when there is one already. */
  media?: PreviewMedia | null;
  /** Decides which way the message runs. */
  language: string;
  /** Where a location header leads. */
  place?: Place | null;
}

/** A template as a phone draws it. It came in, so it is not green, unless `sent` by the one who looks. */
export function TemplateBubble({ sent = false, ...props }: PreviewProps & { sent?: boolean }) {
  const { components, values = {}, media = null, language, place = null } = props;
  const { t } = useTranslation();
  const drawing = draw(components, values);
  const [all, setAll] = useState<ButtonRow[] | null>(null);
  const dir = directionOf(language);
  const rows = (buttons: DrawnButton[]): ButtonRow[] =>
    buttons.map(({ kind, text, own, hint }) => ({
      kind,
      text: text || (own ? t(`preview.own.${own}`) : t('preview.button')),
      hint: hint ?? undefined,
    }));
  const stamp = (
    <span className={classes.stamp} aria-hidden="true">
      {clock(new Date().toISOString())}
    </span>
  );
  const card = (drawn: Drawing, above: ReactNode, withStamp: boolean) => {
    const buttons = rows(drawn.buttons);
    return (
      <TemplateCard
        above={above}
        title={drawn.header?.kind === 'text' ? drawn.header.text : undefined}
        body={drawn.body || codeWords(drawn)}
        footer={drawn.footer ?? codeEnd(drawn) ?? undefined}
        buttons={buttons}
        stamp={withStamp ? stamp : undefined}
        places
        onAll={() => setAll(buttons)}
      />
    );
  };
  const codeWords = ({ code }: Drawing): string => {
    if (!code) return '';
    const words = t('preview.code', { code: code.value ?? '123456' });
    return code.advice ? `${words} ${t('preview.advice')}` : words;
  };
  const codeEnd = ({ code }: Drawing): string | null =>
    code?.minutes ? t('preview.expires', { count: code.minutes }) : null;

  return (
    <div
      className={classes.message}
      dir={dir}
      lang={language.replace('_', '-')}
      data-sent={sent || undefined}
    >
      <div className={classes.bubble} data-first="">
        {isEmpty(drawing) ? <p className={classes.empty}>{t('preview.empty')}</p> : null}
        {card(
          drawing,
          <>
            {drawing.header ? <Above drawing={drawing} media={media} place={place} /> : null}
            {drawing.offer ? (
              <OfferBox
                text={drawing.offer.text}
                ends={drawing.offer.endsAt ?? drawing.offer.ends}
                code={drawing.offer.code}
              />
            ) : null}
          </>,
          true,
        )}
      </div>
      {drawing.cards.length > 0 ? (
        <ul
          className={classes.cards}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
          tabIndex={0}
          aria-label={t('preview.cards', { count: drawing.cards.length })}
        >
          {drawing.cards.map((each, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a card's place is its name.
            <li key={index} className={`${classes.bubble} ${classes.card}`}>
              {card(each, each.header ? <Above drawing={each} media={null} place={null} /> : null, false)}
            </li>
          ))}
        </ul>
      ) : null}
      {all ? <OptionsSheet rows={all} onClose={() => setAll(null)} /> : null}
    </div>
  );
}

/** Nothing is written yet. */
const isEmpty = ({ header, body, code, offer }: Drawing): boolean =>
  !(header && (header.kind !== 'text' || header.text)) && !body && !code && !offer;

function Above({
  drawing,
  media,
  place,
}: {
  drawing: Drawing;
  media: PreviewMedia | null;
  place: Place | null;
}) {
  const kind = drawing.header?.kind;
  if (!kind || kind === 'text') return null;
  if (kind === 'location') return <LocationBody place={place ?? {}} />;
  return <HeaderPicture kind={kind} media={media} />;
}
