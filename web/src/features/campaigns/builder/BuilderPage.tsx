import { useMediaQuery } from '@mantine/hooks';
import { Link, Navigate, useParams } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '~/features/settings/sections';
import { usePageTitle } from '~/lib/title';
import { IconBack } from '~/ui/icons';
import { Skeleton } from '~/ui/Skeleton';
import { ErrorState } from '~/ui/States';
import { AudienceStep } from '../audience/AudienceStep';
import { RowMenu } from '../RowMenu';
import { SendButton } from '../review/SendButton';
import { type Step, stepOf } from '../search';
import classes from './Builder.module.css';
import { MessageStep } from './MessageStep';
import { NameField } from './NameField';
import { ReviewStep } from './ReviewStep';
import { SavedNote } from './SavedNote';
import { ScheduleStep } from './ScheduleStep';
import { SoFar } from './SoFar';
import { StepFoot } from './StepFoot';
import { StepList } from './StepList';
import { TestStep } from './TestStep';
import { type Draft, useDraft } from './useDraft';
import '../texts';

const pages = {
  audience: AudienceStep,
  message: MessageStep,
  test: TestStep,
  schedule: ScheduleStep,
  review: ReviewStep,
} as const satisfies Record<Step, unknown>;

/** A draft in five steps: steps at one side, what is decided so far at the other. */
export function BuilderPage() {
  const { campaignId, step } = useParams({ from: '/signed-in/campaigns/$campaignId/edit/$step' });
  const { draft, error, refetch } = useDraft(campaignId);
  if (!draft) return error ? <ErrorState error={error} retry={refetch} /> : <BuilderSkeleton />;
  if (draft.campaign.state !== 'draft')
    return <Navigate to="/campaigns/$campaignId" params={{ campaignId }} replace />;
  return <Builder draft={draft} step={stepOf(step)} />;
}

function Builder({ draft, step }: { draft: Draft; step: Step }) {
  const { t } = useTranslation();
  const mayWrite = useMay('campaigns.write');
  const { campaign } = draft;
  const heading = useRef<HTMLHeadingElement>(null);
  const main = useRef<HTMLDivElement>(null);
  const before = useRef(step);
  usePageTitle(campaign.name);
  // A step that was gone to begins at its top, for eyes and for screen readers.
  useEffect(() => {
    if (before.current === step) return;
    before.current = step;
    main.current?.scrollTo({ top: 0 });
    heading.current?.focus({ preventScroll: true });
  }, [step]);
  const wide = useMediaQuery('(min-width: 1241px)', undefined, { getInitialValueInEffect: false });
  const Page = pages[step];
  return (
    <div className={classes.builder}>
      <header className={classes.bar}>
        <Link
          to="/campaigns"
          className={classes.back}
          aria-label={t('campaigns.title')}
          data-tip={t('campaigns.title')}
        >
          <IconBack size={18} strokeWidth={1.75} aria-hidden="true" />
        </Link>
        <NameField name={campaign.name} onChange={(name) => draft.edit({ name })} readOnly={!mayWrite} />
        <SavedNote draft={draft} />
        <RowMenu campaign={campaign} />
      </header>
      <div className={classes.columns}>
        <StepList campaign={campaign} step={step} />
        <div className={classes.main}>
          <div ref={main} className={classes.scroller}>
            <fieldset className={classes.content} disabled={!mayWrite}>
              <legend className="visually-hidden">{t(`builder.steps.${step}`)}</legend>
              <div className={classes.heading}>
                <h1 ref={heading} tabIndex={-1} className={classes.title}>
                  {t(`builder.titles.${step}`)}
                </h1>
                <p className={classes.lead}>{t(`builder.leads.${step}`)}</p>
              </div>
              <Page draft={draft} />
            </fieldset>
            {wide || step === 'review' ? null : <SoFar campaign={campaign} folded />}
          </div>
          <StepFoot campaign={campaign} step={step}>
            {step === 'review' ? <SendButton draft={draft} /> : null}
          </StepFoot>
        </div>
        {wide ? <SoFar campaign={campaign} /> : null}
      </div>
    </div>
  );
}

function BuilderSkeleton() {
  return (
    <div className={classes.builder} aria-hidden="true">
      <div className={classes.bar}>
        <Skeleton width={220} height={20} />
      </div>
      <div className={classes.columns}>
        <div className={classes.steps}>
          {[120, 90, 80, 100, 90].map((width, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: grey shapes that never move.
            <Skeleton key={index} width={width} height={20} />
          ))}
        </div>
        <div className={classes.main}>
          <div className={classes.content}>
            <Skeleton width={260} height={24} />
            <Skeleton height={240} />
          </div>
        </div>
        <div className={classes.soFar}>
          <Skeleton height={180} />
        </div>
      </div>
    </div>
  );
}
