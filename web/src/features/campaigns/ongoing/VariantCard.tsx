import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { templateQuery } from '~/features/templates/list';
import { headerOf } from '~/features/templates/variables';
import { IconButton } from '~/ui/IconButton';
import { InputField } from '~/ui/InputField';
import { IconX } from '~/ui/icons';
import { Skeleton } from '~/ui/Skeleton';
import { DraftPhone } from '../builder/DraftPhone';
import { HeaderFields } from '../builder/HeaderFields';
import messageClasses from '../builder/MessageStep.module.css';
import { Figure } from '../builder/Rule';
import { guessedSources } from '../builder/sources';
import { TemplateGallery } from '../builder/TemplateGallery';
import type { Draft } from '../builder/useDraft';
import { VariableRows } from '../builder/VariableRows';
import type { CampaignEdit } from '../contract';
import type { Variant } from './contract';
import classes from './Ongoing.module.css';
import { useOngoing } from './useOngoing';
import { asOwn, editedVariant, isOwnName, mostShare } from './variants';

/** A hundred bytes in any script. */
const LONGEST_NAME = 33;

interface Props {
  draft: Draft;
  variant: Variant;
  /** Its place among the further messages. */
  at: number;
  wabaId: string | null;
}

/** A further message: what it is called, who gets it, what it says, and the phone. */
export function VariantCard({ draft, variant, at, wabaId }: Props) {
  const { t } = useTranslation();
  const { ongoing, put } = useOngoing(draft);
  const { variants } = ongoing;
  const [changing, setChanging] = useState(false);
  const { data: template } = useQuery(templateQuery(variant.template_id));
  const change = (next: Variant) => put({ variants: variants.map((each, no) => (no === at ? next : each)) });
  const own: Draft = {
    ...draft,
    campaign: asOwn(draft.campaign, variant),
    edit: (edit: CampaignEdit) => change(editedVariant(variant, edit)),
  };
  return (
    <div className={classes.box}>
      <div className={classes.variantHead}>
        <NameField
          name={variant.name}
          isRight={(name) => isOwnName(variants, at, name)}
          onChange={(name) => change({ ...variant, name })}
        />
        <Figure
          label={t('ongoing.variant.share')}
          before={t('ongoing.variant.share')}
          after="%"
          value={variant.share}
          least={1}
          most={mostShare(variants, at)}
          whole
          onChange={(share) => change({ ...variant, share })}
        />
        <IconButton
          label={t('ongoing.variant.remove', { name: variant.name })}
          size={32}
          onClick={() => put({ variants: variants.filter((_, no) => no !== at) })}
        >
          <IconX size={16} strokeWidth={1.75} aria-hidden="true" />
        </IconButton>
      </div>
      {template ? (
        <div className={messageClasses.sides}>
          <div className={messageClasses.fields}>
            <TemplateGallery
              wabaId={wabaId}
              chosen={changing ? null : template}
              onChoose={(next) => {
                setChanging(next === null);
                if (next)
                  own.edit({
                    template_id: next.id,
                    variables: guessedSources(next, variant.variables),
                    header: null,
                  });
              }}
            />
            <VariableRows draft={own} template={template} />
            {headerOf(template) && headerOf(template) !== 'text' ? (
              <HeaderFields draft={own} template={template} />
            ) : null}
          </div>
          <DraftPhone campaign={own.campaign} template={template} name={variant.name} />
        </div>
      ) : (
        <Skeleton height={320} />
      )}
    </div>
  );
}

interface NameProps {
  name: string;
  isRight: (name: string) => boolean;
  onChange: (name: string) => void;
}

/** The name by which the report tells it from the others; one that does not is said here and not kept. */
function NameField({ name, isRight, onChange }: NameProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(name);
  return (
    <InputField
      label={t('ongoing.variant.name')}
      wide
      dir="auto"
      autoComplete="off"
      maxLength={LONGEST_NAME}
      error={isRight(typed) ? undefined : t('trouble.variantName')}
      value={typed}
      onChange={({ currentTarget: { value } }) => {
        setTyped(value);
        if (isRight(value)) onChange(value.trim());
      }}
    />
  );
}
