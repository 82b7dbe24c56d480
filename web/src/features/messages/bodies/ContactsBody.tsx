import { useTranslation } from 'react-i18next';
import { Avatar, colorOf, initialsOf } from '~/ui/Avatar';
import type { Card } from '../content';
import classes from './ContactsBody.module.css';

/** Cards of people that were sent. */
export function ContactsBody({ cards }: { cards: Card[] }) {
  const { t } = useTranslation();
  return (
    <ul className={classes.cards}>
      {cards.map((card) => {
        const name =
          card.name?.formatted_name ??
          ([card.name?.first_name, card.name?.last_name].filter(Boolean).join(' ') || t('contact.nameless'));
        const work = [card.org?.title, card.org?.company].filter(Boolean).join(', ');
        return (
          <li key={`${name} ${card.phones?.[0]?.phone}`} className={classes.card}>
            <Avatar initials={initialsOf(name)} color={colorOf(name)} size={40} />
            <div className={classes.words}>
              <strong dir="auto">{name}</strong>
              {work ? <span dir="auto">{work}</span> : null}
              {card.phones?.map(({ phone }) =>
                phone ? (
                  <a key={phone} href={`tel:${phone.replace(/[^+\d]/g, '')}`} dir="ltr">
                    {phone}
                  </a>
                ) : null,
              )}
              {card.emails?.map(({ email }) =>
                email ? (
                  <a key={email} href={`mailto:${email}`} dir="ltr">
                    {email}
                  </a>
                ) : null,
              )}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
