import { useTranslation } from 'react-i18next';
import { Segments } from '~/ui/Segments';
import type { CampaignKind, Settings } from '../contract';
import { lasting } from '../figures';
import { Figure, Line, Rules } from './Rule';
import { StepPart } from './StepPart';

const undos = [0, 10, 30, 60];
const usualCanary = { above: 5000, percent: 2, wait_seconds: 900 };
const MINUTE = 60;

interface Props {
  settings: Settings;
  /** What concerns the sending of everything at once stands only with one that goes out once. */
  kind: CampaignKind;
  onChange: (settings: Settings) => void;
}

/** What keeps a campaign from going wrong: time to take it back, a test group, brakes, limits. */
export function SafetyFields({ settings, kind, onChange }: Props) {
  const { t } = useTranslation();
  const { brakes, cap } = settings;
  const put = (change: Partial<Settings>) => onChange({ ...settings, ...change });
  return (
    <StepPart id="safety" title={t('safety.title')} lead={t('safety.lead')}>
      <Rules>
        {kind === 'one_time' ? <OnceLines settings={settings} put={put} /> : null}
        <Line
          name={t('safety.failures')}
          help={t('safety.failuresHelp', { count: brakes.window })}
          on={brakes.failure_percent !== null}
          onToggle={(on) => put({ brakes: { ...brakes, failure_percent: on ? 20 : null } })}
        >
          {brakes.failure_percent !== null ? (
            <Figure
              label={t('safety.failures')}
              after="%"
              value={brakes.failure_percent}
              least={0.1}
              most={100}
              onChange={(failure_percent) => put({ brakes: { ...brakes, failure_percent } })}
            />
          ) : null}
        </Line>
        <Line
          name={t('safety.optOuts')}
          help={t('safety.optOutsHelp', { count: brakes.window })}
          on={brakes.opt_out_percent !== null}
          onToggle={(on) => put({ brakes: { ...brakes, opt_out_percent: on ? 3 : null } })}
        >
          {brakes.opt_out_percent !== null ? (
            <Figure
              label={t('safety.optOuts')}
              after="%"
              value={brakes.opt_out_percent}
              least={0.1}
              most={100}
              onChange={(opt_out_percent) => put({ brakes: { ...brakes, opt_out_percent } })}
            />
          ) : null}
        </Line>
        <Line
          name={t('safety.quality')}
          help={t('safety.qualityHelp')}
          on={brakes.quality_red}
          onToggle={(quality_red) => put({ brakes: { ...brakes, quality_red } })}
        />
        <Line
          name={t('safety.cap')}
          help={t('safety.capHelp')}
          on={cap !== null}
          onToggle={(on) => put({ cap: on ? { messages: 2, days: 7 } : null })}
        >
          {cap ? (
            <>
              <Figure
                label={t('safety.capMessages')}
                after={t('safety.capMessagesAfter')}
                value={cap.messages}
                least={1}
                most={1000}
                onChange={(messages) => put({ cap: { ...cap, messages } })}
              />
              <Figure
                label={t('safety.capDays')}
                before={t('safety.capDays')}
                after={t('safety.capDaysAfter')}
                value={cap.days}
                least={1}
                most={90}
                onChange={(days) => put({ cap: { ...cap, days } })}
              />
            </>
          ) : null}
        </Line>
        <Line
          name={t('safety.other')}
          help={t('safety.otherHelp')}
          on={settings.skip_in_other_campaigns}
          onToggle={(skip_in_other_campaigns) => put({ skip_in_other_campaigns })}
        />
        {kind === 'one_time' ? (
          <Line
            name={t('safety.second')}
            help={t('safety.secondHelp')}
            on={settings.second_round !== null}
            onToggle={(on) => put({ second_round: on ? { after_hours: 24 } : null })}
          />
        ) : null}
      </Rules>
    </StepPart>
  );
}

/** What concerns the sending of everything at once: time to take it back, and a test group. */
function OnceLines({ settings, put }: { settings: Settings; put: (change: Partial<Settings>) => void }) {
  const { t } = useTranslation();
  const { canary } = settings;
  const choices = undos.includes(settings.undo_seconds) ? undos : [...undos, settings.undo_seconds];
  return (
    <>
      <Line name={t('safety.undo')} help={t('safety.undoHelp')}>
        <Segments
          name="undo"
          label={t('safety.undo')}
          value={String(settings.undo_seconds)}
          choices={choices.map((value) => ({
            value: String(value),
            text: value === 0 ? t('safety.none') : lasting(value, 'short'),
          }))}
          onChange={(value) => put({ undo_seconds: Number(value) })}
        />
      </Line>
      <Line
        name={t('safety.canary')}
        help={t('safety.canaryHelp')}
        on={canary !== null}
        onToggle={(on) => put({ canary: on ? usualCanary : null })}
      >
        {canary ? (
          <>
            <Figure
              label={t('safety.percent')}
              after="%"
              value={canary.percent}
              least={1}
              most={5}
              onChange={(percent) => put({ canary: { ...canary, percent } })}
            />
            <Figure
              label={t('safety.above')}
              before={t('safety.above')}
              after={t('safety.aboveAfter')}
              value={canary.above}
              least={20}
              most={10_000_000}
              onChange={(above) => put({ canary: { ...canary, above } })}
            />
            <Figure
              label={t('safety.wait')}
              before={t('safety.wait')}
              after={t('safety.waitAfter')}
              value={Math.max(1, Math.round(canary.wait_seconds / MINUTE))}
              least={1}
              most={1440}
              onChange={(minutes) => put({ canary: { ...canary, wait_seconds: minutes * MINUTE } })}
            />
          </>
        ) : null}
      </Line>
    </>
  );
}
