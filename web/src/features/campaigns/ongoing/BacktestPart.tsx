import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { count, exact } from '~/lib/format';
import { Narrowed } from '~/ui/FilterRow';
import { narrowOnly, Row, rowDoor, Table, Td, Th } from '~/ui/Table';
import { amount } from '../money';
import classes from '../review/Review.module.css';
import { reasonWords } from '../review/reasons';
import { armWords } from './arms';
import type { Backtest, Variant } from './contract';
import { DayBars } from './DayBars';
import ownClasses from './Ongoing.module.css';
import ongoingClasses from './OngoingReport.module.css';

/** So many of the people at first. */
const SHOWN = 8;

interface Props {
  backtest: Backtest;
  variants: Variant[];
}

/** What it would have done in the past month: how often, to whom, to whom not and why, for how much. */
export function BacktestPart({ backtest, variants }: Props) {
  const { t } = useTranslation();
  const { began, messages, cost_micros: cost, currency, left_out: leftOut, cut } = backtest;
  const [reason, setReason] = useState<string | null>(null);
  if (began === 0) return <p>{t('ongoing.past.never')}</p>;
  const reasons = Object.entries(leftOut).toSorted(([, a], [, b]) => b - a);
  return (
    <>
      <p className={classes.big}>
        {t('ongoing.past.began', {
          times: t('ongoing.past.times', { count: began, shown: count(began) }),
          messages: t('ongoing.past.messages', { count: messages, shown: count(messages) }),
        })}
      </p>
      <p>
        {messages > 0 ? t('review.most', { amount: amount(cost, currency) }) : ''} {t('ongoing.past.how')}
      </p>
      {cut ? <p className={classes.caution}>{t('ongoing.past.cut')}</p> : null}
      <DayBars
        label={t('ongoing.past.title')}
        days={backtest.days.map(({ day, began: whole, messages: part }) => ({ day, whole, part }))}
        whole={t('ongoing.days.began')}
        part={t('ongoing.days.messages')}
      />
      {reasons.length > 0 ? (
        <div>
          <p>{t('ongoing.past.leftOut', { count: began - messages, shown: count(began - messages) })}</p>
          <ul className={classes.reasons}>
            {reasons.map(([each, times]) => (
              <li key={each}>
                <button
                  type="button"
                  className={classes.reason}
                  aria-pressed={each === reason}
                  onClick={() => setReason(each === reason ? null : each)}
                >
                  <span className={classes.reasonCount}>{count(times)}</span>
                  <span>{reasonWords(t, each)}</span>
                </button>
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      <People
        key={reason}
        people={backtest.people.filter((each) => reason === null || each.reason === reason)}
        variants={variants}
        reason={reason}
        onAll={() => setReason(null)}
      />
    </>
  );
}

interface PeopleProps {
  people: Backtest['people'];
  variants: Variant[];
  reason: string | null;
  onAll: () => void;
}

/** Some of the people one by one, the latest first. */
function People({ people, variants, reason, onAll }: PeopleProps) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const became = (person: Backtest['people'][number]) =>
    person.reason ? reasonWords(t, person.reason) : armWords(t, person.variant, variants);
  return (
    <div className={ownClasses.stack}>
      {reason ? (
        <Narrowed clear={t('report.anyReason')} onClear={onAll}>
          {reasonWords(t, reason)}
        </Narrowed>
      ) : null}
      {people.length === 0 ? (
        <p className={classes.small}>{t('ongoing.past.noSample')}</p>
      ) : (
        <div className={ongoingClasses.whole}>
          <Table
            label={t('report.people')}
            head={
              <>
                <Th>{t('report.person')}</Th>
                <Th tight>{t('ongoing.past.happened')}</Th>
                <Th tight wide>
                  {t('ongoing.past.due')}
                </Th>
                <Th wide>{t('ongoing.past.became')}</Th>
              </>
            }
          >
            {(all ? people : people.slice(0, SHOWN)).map((person) => (
              <Row key={`${person.contact_id} ${person.began_at} ${person.reason}`}>
                <Td>
                  <span className={ongoingClasses.lines}>
                    <Link to="/contacts" search={{ person: person.contact_id }} className={rowDoor}>
                      <bdi>{person.name || t('contact.nameless')}</bdi>
                    </Link>
                    <span className={narrowOnly}>{became(person)}</span>
                  </span>
                </Td>
                <Td tight>{exact(person.began_at)}</Td>
                <Td tight wide>
                  {person.reason ? null : exact(person.due_at)}
                </Td>
                <Td wide>{became(person)}</Td>
              </Row>
            ))}
          </Table>
        </div>
      )}
      {!all && people.length > SHOWN ? (
        <button type="button" className={ongoingClasses.more} onClick={() => setAll(true)}>
          {t('ongoing.past.more', { count: people.length - SHOWN })}
        </button>
      ) : null}
    </div>
  );
}
