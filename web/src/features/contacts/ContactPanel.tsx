import { useQuery } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Contact, Conversation } from '~/api/contract';
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
import { Tags } from './Tags';
import { useContactEdit } from './useContactEdit';

interface Props {
  conversation: Conversation;
  /** It lies over the thread and is left by Escape. */
  over: boolean;
  onClose: () => void;
}

/** Who it is: names, numbers, what they agreed to, what was noted, what they sent. */
export function ContactPanel({ conversation, over, onClose }: Props) {
  const { t } = useTranslation();
  const { contact } = conversation;
  const { data, error, refetch } = useQuery(contactQuery(contact.id));
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
          <Avatar initials={contact.initials} color={contact.color} size={72} />
        </div>
        {data ? <Details contact={data} conversation={conversation} /> : null}
        {error && !data ? <ErrorState error={error} retry={refetch} /> : null}
        {data || error ? null : <Skeletons />}
      </section>
    </aside>
  );
}

function Details({ contact, conversation }: { contact: Contact; conversation: Conversation }) {
  const { t } = useTranslation();
  const now = useNow(60_000);
  const edit = useContactEdit(contact);
  const traits = Object.entries(contact.traits).filter(([, value]) => value !== null && value !== '');
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
      </div>
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
            {traits.map(([name, value]) => (
              <Fact key={name} name={name.replaceAll('_', ' ')}>
                <span dir="auto">{traitWords(value, t)}</span>
              </Fact>
            ))}
          </dl>
        </Section>
      ) : null}
      <ContactMedia conversationId={conversation.id} />
    </>
  );
}

function traitWords(value: unknown, t: TFunction<'texts'>): string {
  if (typeof value === 'boolean') return t(value ? 'panel.yes' : 'panel.no');
  if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(value)) return exact(value);
  return String(value);
}

function country(code: string): string {
  try {
    return new Intl.DisplayNames(navigator.language, { type: 'region' }).of(code) ?? code;
  } catch {
    return code;
  }
}

const categories = ['marketing', 'utility', 'authentication'] as const;

function Consents({ contact }: { contact: Contact }) {
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

function Section({ title, children }: { title: string; children: ReactNode }) {
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
