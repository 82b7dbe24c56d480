import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Settings, Utm } from '../contract';
import { GoalRows } from './GoalRows';
import classes from './MeasureFields.module.css';
import { Line, Rules, smallInput } from './Rule';
import { StepPart } from './StepPart';

/** As they stand in an address, with the names of the settings. */
const marks = [
  { name: 'source', parameter: 'utm_source' },
  { name: 'medium', parameter: 'utm_medium' },
  { name: 'campaign', parameter: 'utm_campaign' },
] as const;
const mostGoals = 10;

interface Props {
  settings: Settings;
  onChange: (settings: Settings) => void;
}

/** What is counted besides answers: marked links, and what people do within some hours. */
export function MeasureFields({ settings, onChange }: Props) {
  const { t } = useTranslation();
  const { utm, goals } = settings;
  const put = (change: Partial<Settings>) => onChange({ ...settings, ...change });
  const mark = (name: keyof Utm, value: string): Utm => ({ ...utm, [name]: value || null });
  return (
    <StepPart id="measure" title={t('measure.title')} lead={t('measure.lead')}>
      <Rules>
        <Line
          name={t('measure.utm')}
          help={t('measure.utmHelp')}
          on={utm !== null}
          onToggle={(on) => put({ utm: on ? {} : null })}
        >
          {utm ? (
            <div className={classes.marks}>
              {marks.map(({ name, parameter }) => (
                <label key={name} className={classes.mark}>
                  <code>{parameter}</code>
                  <input
                    className={smallInput}
                    maxLength={64}
                    autoComplete="off"
                    placeholder={t(`measure.usual.${name}`)}
                    value={utm[name] ?? ''}
                    onChange={(event) => put({ utm: mark(name, event.currentTarget.value.trim()) })}
                  />
                </label>
              ))}
            </div>
          ) : null}
        </Line>
        <Line name={t('measure.goals')} help={t('measure.goalsHelp')}>
          <div className={classes.goals}>
            <GoalRows goals={goals} onChange={(next) => put({ goals: next })} />
            {goals.length < mostGoals ? (
              <Button
                variant="default"
                size="xs"
                onClick={() => put({ goals: [...goals, { event: '', within_hours: 72 }] })}
              >
                {t('measure.addGoal')}
              </Button>
            ) : null}
          </div>
        </Line>
      </Rules>
    </StepPart>
  );
}
