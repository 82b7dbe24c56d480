import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type Ref, useImperativeHandle, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation, Template } from '~/api/contract';
import { wordsFor } from '~/api/words';
import { numbersQuery } from '~/features/numbers/api';
import { locale } from '~/texts/texts';
import { IconButton } from '~/ui/IconButton';
import { IconClock, IconRefresh, IconSearch, IconTemplate, IconX } from '~/ui/icons';
import { Skeleton } from '~/ui/Skeleton';
import { EmptyState, ErrorState } from '~/ui/States';
import { toast } from '~/ui/toast';
import { syncTemplates } from './list';
import { sendableQuery } from './sendable';
import { TemplateForm } from './TemplateForm';
import classes from './TemplatePicker.module.css';
import { type Family, familiesOf, isMeant, preferred } from './variables';

interface Props {
  conversation: Conversation;
  windowOpen: boolean;
  onSent: () => void;
  /** Only while the window is open: closed, there is nothing to go back to. */
  onClose: () => void;
  ref: Ref<{ focus: () => void }>;
}

/** In place of the composer: choose an approved template, fill it in, see it, send it. */
export function TemplatePicker({ conversation, windowOpen, onSent, onClose, ref }: Props) {
  const { t } = useTranslation();
  const search = useRef<HTMLInputElement>(null);
  useImperativeHandle(ref, () => ({ focus: () => search.current?.focus() }));
  const [chosen, setChosen] = useState<Template | null>(null);
  const [query, setQuery] = useState('');
  const numbers = useQuery(numbersQuery);
  const waba = numbers.data?.find((each) => each.id === conversation.number.id)?.waba.waba_id ?? null;
  const { data, error, isPending, refetch } = useQuery({
    ...sendableQuery(waba),
    enabled: !numbers.isPending,
  });
  const families = familiesOf(data ?? []);
  const shown = families.filter((family) => isMeant(family, query));
  const family = chosen ? families.find((each) => each.name === chosen.name) : undefined;
  return (
    <section
      className={classes.picker}
      aria-label={t('picker.picker')}
      data-chosen={chosen ? true : undefined}
    >
      <header className={classes.head}>
        <p className={classes.notice}>
          {windowOpen ? (
            <IconTemplate size={18} strokeWidth={1.75} aria-hidden="true" />
          ) : (
            <IconClock size={18} strokeWidth={1.75} aria-hidden="true" />
          )}
          <span>
            <strong>{t(windowOpen ? 'picker.choose' : 'picker.only')}</strong>
            {windowOpen ? null : <span className={classes.why}>{t('picker.why')}</span>}
          </span>
        </p>
        {windowOpen ? (
          <IconButton label={t('actions.close')} size={32} tip={false} onClick={onClose}>
            <IconX size={18} strokeWidth={1.75} aria-hidden="true" />
          </IconButton>
        ) : null}
      </header>
      {chosen && family ? (
        <TemplateForm
          key={chosen.id}
          template={chosen}
          family={family}
          conversation={conversation}
          onLanguage={setChosen}
          onBack={() => setChosen(null)}
          onSent={() => {
            setChosen(null);
            onSent();
          }}
        />
      ) : (
        <>
          <label className={classes.search}>
            <IconSearch size={16} strokeWidth={1.75} aria-hidden="true" />
            <input
              ref={search}
              type="text"
              aria-label={t('picker.search')}
              placeholder={t('picker.search')}
              value={query}
              onChange={(event) => setQuery(event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key === 'Escape') {
                  event.preventDefault();
                  event.stopPropagation();
                  if (query) setQuery('');
                  else if (windowOpen) onClose();
                  else search.current?.blur();
                }
                const first = shown[0] && preferred(shown[0], locale());
                if (event.key === 'Enter' && first) setChosen(first);
              }}
            />
          </label>
          <div className={classes.scroller}>
            {isPending ? <Skeletons /> : null}
            {error && !data ? <ErrorState error={error} retry={refetch} /> : null}
            {data && families.length === 0 ? <NoTemplates /> : null}
            {families.length > 0 && shown.length === 0 ? (
              <EmptyState title={t('picker.noHits', { query })}>{t('picker.noHitsText')}</EmptyState>
            ) : null}
            <ul className={classes.list}>
              {shown.map((each) => (
                <FamilyRow key={each.name} family={each} onChoose={setChosen} />
              ))}
            </ul>
          </div>
        </>
      )}
    </section>
  );
}

function FamilyRow({ family, onChoose }: { family: Family; onChoose: (template: Template) => void }) {
  const { t } = useTranslation();
  const template = preferred(family, locale());
  if (!template) return null;
  const body = template.components.find((each) => each.type.toUpperCase() === 'BODY')?.text ?? '';
  return (
    <li>
      <button type="button" className={classes.row} onClick={() => onChoose(template)}>
        <span className={classes.top}>
          <span className={classes.name}>{family.name}</span>
          <span className={classes.chip} data-category={template.category}>
            {t(`templates.categories.${template.category}`)}
          </span>
          {family.templates.length > 1 ? (
            <span className={classes.languages}>
              {t('picker.languages', { count: family.templates.length })}
            </span>
          ) : (
            <span className={classes.languages}>{template.language}</span>
          )}
        </span>
        <span className={classes.body} dir="auto">
          {body.replace(/\s+/g, ' ')}
        </span>
      </button>
    </li>
  );
}

function NoTemplates() {
  const { t } = useTranslation();
  const [reading, setReading] = useState(false);
  const sync = async () => {
    setReading(true);
    try {
      await syncTemplates();
      toast(t('picker.reading'));
    } catch (error) {
      toast(wordsFor(t, error), { tone: 'danger' });
    } finally {
      setReading(false);
    }
  };
  return (
    <EmptyState
      title={t('picker.none')}
      action={
        <Button variant="default" loading={reading} leftSection={<IconRefresh size={16} />} onClick={sync}>
          {t('picker.sync')}
        </Button>
      }
    >
      {t('picker.noneText')}
    </EmptyState>
  );
}

function Skeletons() {
  return (
    <div aria-hidden="true">
      {[180, 140, 210].map((width) => (
        <div key={width} className={classes.row}>
          <Skeleton width={width} height={12} />
          <Skeleton width="80%" height={10} />
        </div>
      ))}
    </div>
  );
}
