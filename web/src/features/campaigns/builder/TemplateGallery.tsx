import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Template } from '~/api/contract';
import { examplesOf } from '~/features/templates/preview/drawing';
import { TemplateBubble } from '~/features/templates/preview/TemplateBubble';
import { sendableQuery } from '~/features/templates/sendable';
import { type Family, familiesOf, isMeant, preferred } from '~/features/templates/variables';
import { languageName } from '~/lib/format';
import { locale } from '~/texts/texts';
import { Chip } from '~/ui/Chip';
import { IconTemplate } from '~/ui/icons';
import { QualityChip } from '~/ui/QualityChip';
import { SearchBox } from '~/ui/SearchBox';
import { Select } from '~/ui/Select';
import { Skeleton } from '~/ui/Skeleton';
import { EmptyState, ErrorState } from '~/ui/States';
import classes from './MessageStep.module.css';

/** More than these are found by typing. */
const SHOWN = 24;

interface Props {
  /** Only templates of this account can be sent from the number. */
  wabaId: string | null;
  chosen: Template | null;
  onChoose: (template: Template | null) => void;
}

/** The approved templates as they look on a phone; once one is chosen, that one alone. */
export function TemplateGallery({ wabaId, chosen, onChoose }: Props) {
  const { t } = useTranslation();
  const [query, setQuery] = useState('');
  const { data, error, isPending, refetch } = useQuery(sendableQuery(wabaId));
  const families = familiesOf(data ?? []);
  if (chosen) {
    const family = families.find((each) => each.name === chosen.name);
    return <Chosen template={chosen} family={family} onChoose={onChoose} />;
  }
  const meant = families.filter((family) => isMeant(family, query));
  return (
    <section className={classes.gallery} aria-label={t('builder.template')}>
      <div className={classes.galleryHead}>
        <h2 className={classes.legend}>{t('builder.template')}</h2>
        <SearchBox label={t('picker.search')} value={query} onSearch={setQuery} />
      </div>
      {error && !data ? <ErrorState error={error} retry={refetch} /> : null}
      {isPending ? (
        <div className={classes.grid} aria-hidden="true">
          {[1, 2, 3].map((each) => (
            <Skeleton key={each} height={240} />
          ))}
        </div>
      ) : null}
      {data && meant.length === 0 ? (
        <EmptyState
          icon={<IconTemplate size={22} strokeWidth={1.75} />}
          title={families.length > 0 ? t('picker.noHits') : t('builder.noTemplates')}
        >
          {families.length > 0 ? t('picker.noHitsText') : t('builder.noTemplatesText')}
        </EmptyState>
      ) : null}
      <ul className={classes.grid}>
        {meant.slice(0, SHOWN).map((family) => {
          const template = preferred(family, locale());
          return template ? (
            <li key={family.name}>
              <Tile template={template} family={family} onChoose={() => onChoose(template)} />
            </li>
          ) : null;
        })}
      </ul>
      {meant.length > SHOWN ? (
        <p className={classes.note}>{t('builder.moreTemplates', { count: meant.length - SHOWN })}</p>
      ) : null}
    </section>
  );
}

function Tile({ template, family, onChoose }: { template: Template; family: Family; onChoose: () => void }) {
  const { t } = useTranslation();
  return (
    <div className={classes.tile}>
      <div className={classes.picture} aria-hidden="true" inert>
        <TemplateBubble
          components={template.components}
          values={examplesOf(template.components)}
          language={template.language}
        />
      </div>
      <div className={classes.about}>
        <button
          type="button"
          className={classes.door}
          aria-label={t('builder.chooseTemplate', { name: template.name })}
          onClick={onChoose}
        >
          {template.name}
        </button>
        <Chips template={template} languages={family.templates.length} />
      </div>
    </div>
  );
}

function Chips({ template, languages }: { template: Template; languages: number }) {
  const { t } = useTranslation();
  return (
    <span className={classes.chips}>
      <Chip tone={template.category === 'marketing' ? 'accent' : 'info'}>
        {t(`templates.categories.${template.category}`)}
      </Chip>
      <span>
        {languages > 1 ? t('picker.languages', { count: languages }) : languageName(template.language)}
      </span>
    </span>
  );
}

function Chosen({
  template,
  family,
  onChoose,
}: {
  template: Template;
  family: Family | undefined;
  onChoose: Props['onChoose'];
}) {
  const { t } = useTranslation();
  return (
    <div className={classes.gallery}>
      <div className={classes.chosen}>
        <span className={classes.chosenWords}>
          <strong className={classes.tileName}>{template.name}</strong>
          <span className={classes.chips}>
            <Chip tone={template.category === 'marketing' ? 'accent' : 'info'}>
              {t(`templates.categories.${template.category}`)}
            </Chip>
            <QualityChip quality={template.quality} />
          </span>
        </span>
        <Button variant="default" onClick={() => onChoose(null)}>
          {t('builder.changeTemplate')}
        </Button>
      </div>
      {family && family.templates.length > 1 ? (
        <Select
          label={t('picker.language')}
          value={template.id}
          choices={family.templates.map((each) => ({ value: each.id, text: languageName(each.language) }))}
          onChange={(id) => onChoose(family.templates.find((each) => each.id === id) ?? template)}
        />
      ) : null}
    </div>
  );
}
