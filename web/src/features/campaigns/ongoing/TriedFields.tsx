import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Template } from '~/api/contract';
import { IconPlus } from '~/ui/icons';
import { Note } from '~/ui/Note';
import { Figure, Line, Rules } from '../builder/Rule';
import { StepPart } from '../builder/StepPart';
import { percent } from '../builder/sentences';
import { guessedSources } from '../builder/sources';
import { TemplateGallery } from '../builder/TemplateGallery';
import type { Draft } from '../builder/useDraft';
import classes from './Ongoing.module.css';
import { useOngoing } from './useOngoing';
import { VariantCard } from './VariantCard';
import { addedVariant, MOST_VARIANTS, restShare } from './variants';

const MOST_HELD = 50;

interface Props {
  draft: Draft;
  /** Only templates of this account can be sent from the number. */
  wabaId: string | null;
}

/** Further messages that are tried against the first, and the share that gets none. */
export function TriedFields({ draft, wabaId }: Props) {
  const { t } = useTranslation();
  const { ongoing, put } = useOngoing(draft);
  const [choosing, setChoosing] = useState(false);
  const { variants } = ongoing;
  const add = (template: Template | null) => {
    if (!template) return;
    setChoosing(false);
    const name = t('ongoing.variant.usual', { letter: String.fromCharCode(66 + variants.length) });
    const variables = guessedSources(template, draft.campaign.variables);
    put({ variants: addedVariant(variants, name, template.id, variables) });
  };
  return (
    <StepPart id="tried" title={t('ongoing.tried')} help={t('ongoing.triedHelp')}>
      {variants.map((variant, at) => (
        // A variant is known by its place: the report and the server number them so.
        // biome-ignore lint/suspicious/noArrayIndexKey: the place is the identity
        <VariantCard key={at} draft={draft} variant={variant} at={at} wabaId={wabaId} />
      ))}
      {choosing ? <TemplateGallery wabaId={wabaId} chosen={null} onChoose={add} /> : null}
      {variants.length > 0 ? (
        <Note live>{t('ongoing.variant.rest', { share: percent(restShare(variants)) })}</Note>
      ) : null}
      {variants.length < MOST_VARIANTS ? (
        <Button
          variant="default"
          className={classes.start}
          leftSection={choosing ? null : <IconPlus size={16} strokeWidth={1.75} />}
          onClick={() => setChoosing(!choosing)}
        >
          {choosing ? t('actions.cancel') : t('ongoing.variant.add')}
        </Button>
      ) : null}
      <Rules>
        <Line
          name={t('ongoing.holdout')}
          help={t('ongoing.holdoutHelp')}
          on={ongoing.holdout_percent > 0}
          onToggle={(on) => put({ holdout_percent: on ? 10 : 0 })}
        >
          {ongoing.holdout_percent > 0 ? (
            <Figure
              label={t('ongoing.holdout')}
              after="%"
              value={ongoing.holdout_percent}
              least={1}
              most={MOST_HELD}
              whole
              onChange={(holdout_percent) => put({ holdout_percent })}
            />
          ) : null}
        </Line>
      </Rules>
    </StepPart>
  );
}
