import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { IconAlert, IconChevronRight } from '~/ui/icons';
import type { ReviewProblem } from '../contract';
import classes from './Review.module.css';
import { problemWords, stepFor } from './reasons';

/** What stands in the way, each with the step where it is mended. */
export function Problems({ campaignId, problems }: { campaignId: string; problems: ReviewProblem[] }) {
  const { t } = useTranslation();
  if (problems.length === 0) return null;
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
              params={{ campaignId, step: stepFor(problem) }}
              className={classes.problem}
            >
              <span>{problemWords(t, problem)}</span>
              <span className={classes.mend}>
                {t(`builder.steps.${stepFor(problem)}`)}
                <IconChevronRight size={14} strokeWidth={2} aria-hidden="true" />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
