import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { templateQuery } from '~/features/templates/list';
import { IconAlert, IconChevronRight } from '~/ui/icons';
import type { Campaign, ReviewProblem } from '../contract';
import classes from './Review.module.css';
import { problemWords, stepFor, variantProblem } from './reasons';

/** What stands in the way, each with the step where it is mended. */
export function Problems({ campaign, problems }: { campaign: Campaign; problems: ReviewProblem[] }) {
  const { t } = useTranslation();
  const { id: campaignId, kind, template_id: chosen, ongoing } = campaign;
  const { data: template } = useQuery({ ...templateQuery(chosen ?? ''), enabled: chosen !== null });
  const variants = ongoing?.variants ?? [];
  const others = useQueries({ queries: variants.map((each) => templateQuery(each.template_id)) });
  if (problems.length === 0) return null;
  const words = (problem: ReviewProblem): string => {
    const other = variantProblem(problem);
    return other
      ? t('trouble.ofVariant', {
          name: variants[other.at]?.name ?? '',
          words: problemWords(t, other.problem, others[other.at]?.data, kind),
        })
      : problemWords(t, problem, template, kind);
  };
  return (
    <section className={classes.problems} aria-labelledby="problems">
      <h2 id="problems" className={classes.problemsTitle}>
        <IconAlert size={18} strokeWidth={1.75} aria-hidden="true" />
        {t('review.problems', { count: problems.length })}
      </h2>
      <ul>
        {problems.map((problem) => (
          <li key={`${problem.field} ${problem.code}`}>
            <Link
              to="/campaigns/$campaignId/edit/$step"
              params={{ campaignId, step: stepFor(problem, kind) }}
              className={classes.problem}
            >
              <span>{words(problem)}</span>
              <span className={classes.mend}>
                {t(`builder.steps.${stepFor(problem, kind)}`)}
                <IconChevronRight size={14} strokeWidth={2} aria-hidden="true" />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
