import { useMediaQuery } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '~/features/settings/sections';
import { usePageTitle } from '~/lib/title';
import { IconBack } from '~/ui/icons';
import { AudienceStep } from '../audience/AudienceStep';
import type { Campaign } from '../contract';
import { LimitsStep } from '../ongoing/LimitsStep';
import { PutInForceButton } from '../ongoing/PutInForceButton';
import { StartButton } from '../ongoing/StartButton';
import { TimingStep } from '../ongoing/TimingStep';
import { TriggerStep } from '../ongoing/TriggerStep';
import { WhoStep } from '../ongoing/WhoStep';
import { RowMenu } from '../RowMenu';
import { SendButton } from '../review/SendButton';
import type { Step } from '../search';
import classes from './Builder.module.css';
import { MessageStep } from './MessageStep';
import { NameField } from './NameField';
import { ReviewStep } from './ReviewStep';
import { SavedNote } from './SavedNote';
import { ScheduleStep } from './ScheduleStep';
import { SoFar } from './SoFar';
import { StepFoot } from './StepFoot';
import { StepList } from './StepList';
import { stepWords } from './stepWords';
import { TestStep } from './TestStep';
import type { Draft } from './useDraft';

const pages = {
  trigger: TriggerStep,
  audience: AudienceStep,
  timing: TimingStep,
  message: MessageStep,
  test: TestStep,
  schedule: ScheduleStep,
  limits: LimitsStep,
  review: ReviewStep,
} as const satisfies Record<Step, unknown>;

/** The page of a step; the two kinds ask differently for whom it is. */
const pageOf = (campaign: Campaign, step: Step) =>
  step === 'audience' && campaign.kind === 'ongoing' ? WhoStep : pages[step];

/** The frame of every step: the steps at one side, what is decided so far at the other. */
export function Builder({ draft, step }: { draft: Draft; step: Step }) {
  const { t } = useTranslation();
  const mayWrite = useMay('campaigns.write');
  const { campaign } = draft;
  const heading = useRef<HTMLHeadingElement>(null);
  const main = useRef<HTMLDivElement>(null);
  const before = useRef(step);
  usePageTitle(campaign.name);
  // A step that was gone to begins at its top, for eyes and for screen readers; before anything in it can
  // have the focus, which would be taken away again a moment later.
  useLayoutEffect(() => {
    if (before.current === step) return;
    before.current = step;
    main.current?.scrollTo({ top: 0 });
    heading.current?.focus({ preventScroll: true });
  }, [step]);
  const wide = useMediaQuery('(min-width: 1241px)', undefined, { getInitialValueInEffect: false });
  const Page = pageOf(campaign, step);
  const words = stepWords(t, draft, step);
  return (
    <div className={classes.builder}>
      <header className={classes.bar}>
        <BackLink draft={draft} />
        <NameField name={campaign.name} onChange={(name) => draft.edit({ name })} readOnly={!mayWrite} />
        <SavedNote draft={draft} />
        {draft.version ? null : <RowMenu campaign={campaign} />}
      </header>
      <div className={classes.columns}>
        <StepList campaign={campaign} step={step} />
        <div className={classes.main}>
          <div ref={main} className={classes.scroller}>
            <fieldset className={classes.content} disabled={!mayWrite}>
              <legend className="visually-hidden">{t(`builder.steps.${step}`)}</legend>
              <div className={classes.heading}>
                <h1 ref={heading} tabIndex={-1} className={classes.title}>
                  {words.title}
                </h1>
                <p className={classes.lead}>{words.lead}</p>
              </div>
              <Page draft={draft} />
            </fieldset>
            {wide || step === 'review' ? null : <SoFar campaign={campaign} folded />}
          </div>
          <StepFoot campaign={campaign} step={step}>
            {step === 'review' ? <LastButton draft={draft} /> : null}
          </StepFoot>
        </div>
        {wide ? <SoFar campaign={campaign} /> : null}
      </div>
    </div>
  );
}

/** Back to where one came from: the list, or the campaign whose next version this is. */
function BackLink({ draft }: { draft: Draft }) {
  const { t } = useTranslation();
  const name = draft.version ? t('ongoing.version.back') : t('campaigns.title');
  const look = { className: classes.back, 'aria-label': name, 'data-tip': name };
  const icon = <IconBack size={18} strokeWidth={1.75} aria-hidden="true" />;
  return draft.version ? (
    <Link to="/campaigns/$campaignId" params={{ campaignId: draft.campaign.id }} {...look}>
      {icon}
    </Link>
  ) : (
    <Link to="/campaigns" {...look}>
      {icon}
    </Link>
  );
}

/** What the last step ends in. */
function LastButton({ draft }: { draft: Draft }) {
  if (draft.campaign.kind === 'one_time') return <SendButton draft={draft} />;
  return draft.version ? (
    <PutInForceButton draft={draft} version={draft.version} />
  ) : (
    <StartButton draft={draft} />
  );
}
