import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Template } from '~/api/contract';
import { date, exact } from '~/lib/format';
import { problemWords } from './editor/problems';
import { Notice } from './Notice';

const reasons = [
  'abusive_content',
  'incorrect_category',
  'invalid_format',
  'promotional',
  'scam',
  'tag_content_mismatch',
  'category_not_available',
] as const;

/** Meta's reason in our words; null where it gave none that says anything. */
export function rejectionWords(
  t: TFunction<'texts'>,
  reason: string | null,
): { why: string; mend: string } | null {
  const known = reasons.find((each) => each === reason?.toLowerCase());
  return known
    ? { why: t(`templates.reasons.${known}.why`), mend: t(`templates.reasons.${known}.mend`) }
    : null;
}

const pauses = ['first_pause', 'second_pause', 'rate_limiting_pause'] as const;

/** Everything about a template that somebody should know or do something about. */
export function Notices({ template }: { template: Template }) {
  const { t } = useTranslation();
  const { status, category, previous_category: before, category_changed_at: changedAt } = template;
  const rejection = status === 'rejected' ? rejectionWords(t, template.rejected_reason) : null;
  const pause = pauses.find((each) => each === template.pause_reason?.toLowerCase());
  return (
    <>
      {template.submitting ? <Notice tone="info" title={t('templates.handingIn')} /> : null}
      {template.refusal ? (
        <Notice tone="danger" title={t('templates.refusedTitle')}>
          <p>{problemWords(t, { ...template.refusal, field: '', message: template.refusal.words })}</p>
        </Notice>
      ) : null}
      {template.edit && status !== 'draft' ? (
        <Notice tone="info" title={t('templates.changeTitle')}>
          <p>{t('templates.changeText')}</p>
        </Notice>
      ) : null}
      {status === 'rejected' ? (
        <Notice tone="danger" title={rejection?.why ?? t('templates.rejectedNoReason')}>
          <p>{rejection?.mend ?? t('templates.rejectedMend')}</p>
          {template.rejection_words ? (
            <p>
              {t('templates.metaFound')} <q dir="auto">{template.rejection_words}</q>
            </p>
          ) : null}
          {template.rejection_advice ? (
            <p>
              {t('templates.metaSays')} <q dir="auto">{template.rejection_advice}</q>
            </p>
          ) : null}
        </Notice>
      ) : null}
      {status === 'draft' ? (
        <Notice tone="info" title={t('templates.draftTitle')}>
          <p>{t('templates.draftText')}</p>
        </Notice>
      ) : null}
      {status === 'pending' || status === 'in_appeal' ? (
        <Notice tone="info" title={t(`templates.status.${status}`)}>
          <p>{t('templates.pendingText')}</p>
        </Notice>
      ) : null}
      {status === 'paused' ? (
        <Notice tone="paused" title={t('templates.pausedTitle')}>
          <p>{t(pause ? `templates.pauses.${pause}` : 'templates.pausedText')}</p>
        </Notice>
      ) : null}
      {status === 'disabled' ? (
        <Notice tone="danger" title={t('templates.disabledTitle')}>
          <p>{t('templates.disabledText')}</p>
        </Notice>
      ) : null}
      {before && before !== category ? (
        <Notice
          tone="warning"
          title={t('templates.changedTitle', {
            before: t(`templates.categories.${before}`),
            now: t(`templates.categories.${category}`),
          })}
        >
          <p>
            {t(category === 'marketing' ? 'templates.changedToMarketing' : 'templates.changedText')}{' '}
            {changedAt ? t('templates.changedAt', { date: date(changedAt) }) : ''}
          </p>
        </Notice>
      ) : null}
      {template.announced_category && template.announced_category !== category ? (
        <Notice
          tone="warning"
          title={t('templates.announcedTitle', {
            category: t(`templates.categories.${template.announced_category}`),
          })}
        >
          <p>{t('templates.announcedText')}</p>
        </Notice>
      ) : null}
      {status === 'approved' && template.quality === 'red' ? (
        <Notice tone="warning" title={t('templates.redTitle')}>
          <p>{t('templates.redText')}</p>
        </Notice>
      ) : null}
      <Closed template={template} />
    </>
  );
}

/** Why Meta takes no change at the moment. */
export const closures = [
  'in_review',
  'once_a_day',
  'month_used_up',
  'disabled',
  'deleted',
  'archived',
] as const;

/** Why an approved template cannot be edited at the moment, and when it can. */
function Closed({ template }: { template: Template }) {
  const { t } = useTranslation();
  const { editable, status } = template;
  const reason = closures.find((each) => each === editable?.reason);
  if (!editable || editable.allowed || status !== 'approved' || !reason) return null;
  return (
    <Notice tone="info" title={t(`templates.closed.${reason}`)}>
      {editable.next_at ? <p>{t('templates.editAgain', { at: exact(editable.next_at) })}</p> : null}
    </Notice>
  );
}
