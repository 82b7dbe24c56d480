import { useTranslation } from 'react-i18next';
import type { Message } from '~/api/contract';
import { MediaView } from '~/features/media/MediaBody';
import { type ButtonRow, kindOf } from '~/features/templates/ButtonRows';
import { HeaderPicture } from '~/features/templates/preview/HeaderPicture';
import { OfferBox } from '~/features/templates/preview/OfferBox';
import { TemplateCard } from '~/features/templates/TemplateCard';
import type { SentButton, SentCard, SentTemplate } from '../content';
import { Stamp } from '../Stamp';
import { LocationBody } from './LocationBody';
import classes from './TemplateBody.module.css';

/** A template that was sent, filled in. */
export function TemplateBody({ message }: { message: Message }) {
  const { t } = useTranslation();
  const template = message.content as SentTemplate;
  const { offer, cards = [], buttons = [] } = template;
  const format = template.header?.format?.toLowerCase();
  const place = template.header?.location;
  const rows = (of: SentButton[]): ButtonRow[] =>
    of.map((button) => ({
      kind: kindOf(button.type),
      text: button.text || t('picker.copyCode'),
      hint: button.url ?? button.phone ?? button.code ?? undefined,
    }));
  const card = ({ header, body, buttons: own = [] }: SentCard, index: number) => (
    <li key={index} className={classes.card}>
      <TemplateCard
        above={header ? <HeaderPicture kind={pictureOf(header.format)} media={null} /> : undefined}
        body={body ?? ''}
        buttons={rows(own)}
      />
    </li>
  );
  return (
    <>
      <TemplateCard
        above={
          <>
            {message.media ? (
              <div className={classes.above}>
                <MediaView message={message} />
              </div>
            ) : null}
            {format === 'location' && place && !message.media ? <LocationBody place={place} /> : null}
            {offer ? (
              <OfferBox
                text={offer.text ?? ''}
                ends={offer.expires_at ?? false}
                code={buttons.find((each) => each.code)?.code ?? null}
              />
            ) : null}
          </>
        }
        title={template.header?.text ?? undefined}
        body={template.body ?? ''}
        footer={template.footer ?? undefined}
        buttons={rows(buttons)}
        stamp={<Stamp message={message} />}
      />
      {cards.length > 0 ? (
        <ul
          className={classes.cards}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
          tabIndex={0}
          aria-label={t('preview.cards', { count: cards.length })}
        >
          {cards.map(card)}
        </ul>
      ) : null}
    </>
  );
}

const pictureOf = (format: string | undefined): 'image' | 'video' | 'product' => {
  const kind = format?.toLowerCase();
  return kind === 'video' || kind === 'product' ? kind : 'image';
};
