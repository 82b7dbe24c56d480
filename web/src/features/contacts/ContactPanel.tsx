import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Contact } from '~/api/contract';
import { EventTimeline } from '~/features/events/EventTimeline';
import { ago, exact } from '~/lib/format';
import { useNow } from '~/lib/now';
import { Avatar } from '~/ui/Avatar';
import { IconButton } from '~/ui/IconButton';
import { IconBan, IconCopy, IconX } from '~/ui/icons';
import { Skeleton } from '~/ui/Skeleton';
import { ErrorState } from '~/ui/States';
import { toast } from '~/ui/toast';
import { contactQuery } from './api';
import { ContactMedia } from './ContactMedia';
import classes from './ContactPanel.module.css';
import { EditableText } from './EditableText';
import { givenWords, keyWords } from './given';
import { Tags } from './Tags';
import { useContactEdit } from './useContactEdit';

interface Props {
  contactId: string;
  /** Known before the rest is. */
  face?: Pick<Contact, 'initials' | 'color'>;
  /** The thread beside it, whose pictures and files are shown. */
  conversationId?: string;
  /** Stands between the name and what is known. */
  children?: ReactNode;
  /** It lies over the page and is left by Escape. */
  over: boolean;
  onClose: () => void;
}

/** Who it is: names, numbers, what they agreed to, what was noted, what they sent. */
export function ContactPanel({ contactId, face, conversationId, children, over, onClose }: Props) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(contactQuery(contactId));
  const shown = face ?? data;
  return (
    <aside
      className={classes.panel}
      aria-label={t('panel.title')}
      onKeyDown={(event) => {
        if (!over || event.key !== 'Escape' || event.defaultPrevented) return;
        event.preventDefault();
        onClose();
      }}
    >
      <header className={classes.head}>
        <h2>{t('panel.title')}</h2>
        <IconButton label={t('panel.fold')} onClick={onClose} data-tip-align="end" autoFocus={over}>
          <IconX size={18} strokeWidth={1.75} aria-hidden="true" />
        </IconButton>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard. */}
      <section className={classes.scroller} tabIndex={0} aria-label={t('panel.details')}>
        <div className={classes.face}>
          {shown ? (
            <Avatar initials={shown.initials} color={shown.color} size={72} />
          ) : (
            <Skeleton width={72} height={72} round />
          )}
        </div>
        {data ? (
          <Details contact={data} conversationId={conversationId}>
            {children}
          </Details>
        ) : null}
        {error && !data ? <ErrorState error={error} retry={refetch} /> : null}
        {data || error ? null : <Skeletons />}
      </section>
    </aside>
  );
}

function Details({
  contact,
  conversationId,
  children,
}: {
  contact: Contact;
  conversationId: string | undefined;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const now = useNow(60_000);
  const edit = useContactEdit(contact);
  const traits = Object.entries(contact.traits).flatMap(([key, value]) => {
    const words = givenWords(t, value);
    return words === null ? [] : [{ key, words }];
  });
  const copy = async () => {
    await navigator.clipboard.writeText(contact.phone ?? '');
    toast(t('actions.copied'));
  };
  return (
    <>
      <div className={classes.names}>
        <EditableText
          label={t('panel.name')}
          value={contact.name ?? ''}
          empty={contact.profile_name ?? t('panel.addName')}
          large
          onSave={(name) => edit({ name: name || null })}
        />
        {contact.profile_name && contact.name && contact.profile_name !== contact.name ? (
          <p className={classes.profile}>{t('panel.profile', { name: contact.profile_name })}</p>
        ) : null}
        {contact.blocked ? (
          <p className={classes.blocked}>
            <IconBan size={14} strokeWidth={2} aria-hidden="true" />
            {t('panel.blocked')}
          </p>
        ) : null}
        {contact.blocked && contact.whatsapp_block ? (
          <p className={classes.profile}>{t(`panel.whatsappBlocks.${contact.whatsapp_block}`)}</p>
        ) : null}
      </div>
      {children}
      <Section title={t('panel.about')}>
        <dl className={classes.facts}>
          <Fact name={t('panel.phone')}>
            {contact.phone ? (
              <span className={classes.copyable}>
                <bdi dir="ltr">{contact.phone}</bdi>
                <IconButton label={t('panel.copyPhone')} size={26} onClick={copy}>
                  <IconCopy size={14} strokeWidth={1.75} aria-hidden="true" />
                </IconButton>
              </span>
            ) : (
              <span className={classes.none}>{t('panel.noPhone')}</span>
            )}
          </Fact>
          {contact.username ? <Fact name={t('panel.username')}>{contact.username}</Fact> : null}
          <Fact name={t('panel.email')}>
            <EditableText
              label={t('panel.email')}
              type="email"
              value={contact.email ?? ''}
              empty={t('panel.addEmail')}
              onSave={(email) => edit({ email: email || null })}
            />
          </Fact>
          {contact.country ? <Fact name={t('panel.country')}>{country(contact.country)}</Fact> : null}
          <Fact name={t('panel.firstSeen')}>
            <time dateTime={contact.created_at} title={exact(contact.created_at)}>
              {ago(contact.created_at, now)}
            </time>
          </Fact>
          <Fact name={t('panel.lastSeen')}>
            {contact.last_seen_at ? (
              <time dateTime={contact.last_seen_at} title={exact(contact.last_seen_at)}>
                {ago(contact.last_seen_at, now)}
              </time>
            ) : (
              <span className={classes.none}>{t('panel.never')}</span>
            )}
          </Fact>
        </dl>
      </Section>
      <Section title={t('panel.tags')}>
        <Tags tags={contact.tags} onChange={(tags) => edit({ tags })} />
      </Section>
      <Section title={t('panel.consent')}>
        <Consents contact={contact} />
      </Section>
      {traits.length > 0 ? (
        <Section title={t('panel.traits')}>
          <dl className={classes.facts}>
            {traits.map(({ key, words }) => (
              <Fact key={key} name={keyWords(key)}>
                <span dir="auto">{words}</span>
              </Fact>
            ))}
          </dl>
        </Section>
      ) : null}
      <EventTimeline contactId={contact.id} className={classes.section} />
      {conversationId ? <ContactMedia conversationId={conversationId} /> : null}
    </>
  );
}

function country(code: string): string {
  try {
    return new Intl.DisplayNames(navigator.language, { type: 'region' }).of(code) ?? code;
  } catch {
    return code;
  }
}

const categories = ['marketing', 'utility', 'authentication'] as const;

/** What somebody agreed to, category by category. */
export function Consents({ contact }: { contact: Pick<Contact, 'consent'> }) {
  const { t } = useTranslation();
  return (
    <dl className={classes.facts}>
      {categories.map((category) => {
        const consent = contact.consent.find((each) => each.category === category);
        const state = consent?.state ?? 'unknown';
        return (
          <Fact key={category} name={t(`templates.categories.${category}`)}>
            <span
              className={classes.consent}
              data-state={state}
              title={consent?.at ? exact(consent.at) : undefined}
            >
              {t(`panel.consents.${state}`)}
            </span>
          </Fact>
        );
      })}
    </dl>
  );
}

/** A part of the panel under its heading. */
export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.section}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Skeletons() {
  return (
    <div className={classes.section} aria-hidden="true">
      {[60, 80, 45, 70].map((width) => (
        <div key={width} className={classes.fact}>
          <Skeleton width={72} height={11} />
          <Skeleton width={`${width}%`} height={11} />
        </div>
      ))}
    </div>
  );
}
