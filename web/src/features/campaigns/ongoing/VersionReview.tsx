import { useTranslation } from 'react-i18next';
import type { Draft, Version } from '../builder/useDraft';
import { useFacts } from '../builder/useFacts';
import { Paragraph } from '../review/Paragraph';
import { Problems } from '../review/Problems';
import classes from '../review/Review.module.css';
import { problemsIn } from '../review/reasons';
import { Changes } from './Changes';
import { WrittenOut } from './WrittenOut';

/** The next version before it is put in force: what changes, and how it reads as a whole. */
export function VersionReview({ draft, version }: { draft: Draft; version: Version }) {
  const { t } = useTranslation();
  const { campaign } = draft;
  const facts = useFacts(campaign);
  return (
    <>
      <Problems campaign={campaign} problems={problemsIn(version.put.error)} />
      <div className={classes.letter}>
        <Paragraph title={t('ongoing.version.changes')}>
          <Changes before={version.before} now={campaign} />
        </Paragraph>
        <WrittenOut campaign={campaign} facts={facts} />
      </div>
    </>
  );
}
