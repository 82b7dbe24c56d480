import { useTranslation } from 'react-i18next';
import { count } from '~/lib/format';
import { narrowOnly, Row, Table, Td, Th } from '~/ui/Table';
import type { GoalCount } from '../contract';
import { lasting, share } from '../figures';
import reportClasses from '../report/Report.module.css';
import { armWords } from './arms';
import type { CampaignArm, Variant } from './contract';
import classes from './OngoingReport.module.css';

const HOUR = 3600;
const stages = ['sent', 'delivered', 'read', 'replied'] as const;

interface Props {
  arms: CampaignArm[];
  variants: Variant[];
  goals: GoalCount[];
}

/** The messages side by side, and those who get none: how far each came, and who reached a goal. */
export function ArmsPart({ arms, variants, goals }: Props) {
  const { t } = useTranslation();
  if (arms.length === 0) return <p className={reportClasses.quiet}>{t('ongoing.arms.nobody')}</p>;
  return (
    <Table
      label={t('ongoing.arms.title')}
      head={
        <>
          <Th>{t('ongoing.arms.message')}</Th>
          <Th tight end>
            {t('report.people')}
          </Th>
          {stages.map((stage) => (
            <Th key={stage} tight end wide={stage === 'read' || stage === 'replied' ? true : 'most'}>
              {t(`campaigns.figures.${stage}`)}
            </Th>
          ))}
          {goals.map(({ event, within_hours: hours }) => (
            <Th key={`${event} ${hours}`} wide tight end>
              <span className={classes.goal}>
                <bdi>{event}</bdi>
                <span className={classes.under}>{t('report.within', { time: lasting(hours * HOUR) })}</span>
              </span>
            </Th>
          ))}
        </>
      }
    >
      {arms.map((arm) => {
        const held = arm.variant === null;
        // Those who get nothing are all people to compare with; of the others, those who got it.
        const whole = held ? arm.funnel.planned : arm.funnel.sent;
        return (
          <Row key={arm.variant ?? 'none'}>
            <Td>
              <span className={classes.lines}>
                <bdi className={classes.arm}>{arm.name ?? armWords(t, arm.variant, variants)}</bdi>
                <span className={narrowOnly}>
                  {held
                    ? null
                    : t('campaigns.narrow', {
                        sent: count(arm.funnel.sent),
                        read: share(arm.funnel.read, arm.funnel.sent),
                      })}
                </span>
                {goals.map(({ event, within_hours: hours }, at) => (
                  <span key={`${event} ${hours}`} className={narrowOnly}>
                    {t('ongoing.arms.goal', {
                      event,
                      time: lasting(hours * HOUR),
                      count: count(arm.goals[at] ?? 0),
                      share: share(arm.goals[at] ?? 0, whole),
                    })}
                  </span>
                ))}
              </span>
            </Td>
            <Td tight end>
              {count(arm.funnel.planned)}
            </Td>
            {stages.map((stage) => (
              <Td key={stage} tight end wide={stage === 'read' || stage === 'replied' ? true : 'most'}>
                {held ? null : (
                  <Part
                    value={arm.funnel[stage]}
                    whole={stage === 'sent' ? arm.funnel.planned : arm.funnel.sent}
                  />
                )}
              </Td>
            ))}
            {goals.map(({ event, within_hours: hours }, at) => (
              <Td key={`${event} ${hours}`} wide tight end>
                <Part value={arm.goals[at] ?? 0} whole={whole} />
              </Td>
            ))}
          </Row>
        );
      })}
    </Table>
  );
}

function Part({ value, whole }: { value: number; whole: number }) {
  return (
    <>
      {count(value)}
      {whole > 0 ? <span className={classes.under}>{share(value, whole)}</span> : null}
    </>
  );
}
