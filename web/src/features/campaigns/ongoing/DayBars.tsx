import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { count } from '~/lib/format';
import { locale } from '~/texts/texts';
import { Row, Table, Td, Th } from '~/ui/Table';
import chartClasses from '../report/TimeChart.module.css';
import classes from './DayBars.module.css';
import { daysThrough } from './days';

export interface DayFigures {
  /** `2026-11-27`. */
  day: string;
  whole: number;
  /** Of the whole. */
  part: number;
  /** What the table tells besides. */
  more?: number[];
}

interface Props {
  label: string;
  days: DayFigures[];
  /** What is counted in the pale bar, and what in the full one. */
  whole: string;
  part: string;
  /** The names of what the table tells besides. */
  more?: string[];
}

const dayName = (day: string, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat(locale(), { ...options, timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`));

/** Day by day: a pale bar for all that happened, a full one for what came of it; the same as a table. */
export function DayBars({ label, days, whole, part, more = [] }: Props) {
  const { t } = useTranslation();
  const [asTable, setAsTable] = useState(false);
  const [over, setOver] = useState<DayFigures | null>(null);
  const all = daysThrough(days);
  const most = Math.max(1, ...all.map((each) => each.whole));
  const [first, last] = [all[0], all.at(-1)];
  if (!first || !last) return null;
  const sum = (name: 'whole' | 'part') => all.reduce((total, each) => total + each[name], 0);
  const told = over ?? { whole: sum('whole'), part: sum('part'), day: '' };
  return (
    <div className={classes.box}>
      {asTable ? (
        <Table
          label={label}
          head={
            <>
              <Th>{t('ongoing.days.day')}</Th>
              <Th end>{whole}</Th>
              <Th end>{part}</Th>
              {more.map((name) => (
                <Th key={name} end wide>
                  {name}
                </Th>
              ))}
            </>
          }
        >
          {days.toReversed().map((each) => (
            <Row key={each.day}>
              <Td>{dayName(each.day, { dateStyle: 'medium' })}</Td>
              <Td end>{count(each.whole)}</Td>
              <Td end>{count(each.part)}</Td>
              {more.map((name, at) => (
                <Td key={name} end wide>
                  {count(each.more?.[at] ?? 0)}
                </Td>
              ))}
            </Row>
          ))}
        </Table>
      ) : (
        <>
          <p className={classes.told} aria-hidden="true">
            <span>{over ? dayName(over.day, { dateStyle: 'medium' }) : t('ongoing.days.all')}</span>
            <span className={classes.key} data-part="whole">
              {whole} <strong>{count(told.whole)}</strong>
            </span>
            <span className={classes.key} data-part="part">
              {part} <strong>{count(told.part)}</strong>
            </span>
          </p>
          <div
            className={classes.bars}
            role="img"
            aria-label={t('ongoing.days.said', {
              whole: count(sum('whole')),
              wholeName: whole,
              part: count(sum('part')),
              partName: part,
            })}
          >
            {all.map((each) => (
              <span
                key={each.day}
                className={classes.day}
                onPointerEnter={() => setOver(each)}
                onPointerLeave={() => setOver(null)}
              >
                <span className={classes.whole} style={{ blockSize: `${(100 * each.whole) / most}%` }} />
                <span className={classes.part} style={{ blockSize: `${(100 * each.part) / most}%` }} />
              </span>
            ))}
          </div>
          <p className={classes.ends} aria-hidden="true">
            <span>{dayName(first.day, { day: 'numeric', month: 'short' })}</span>
            {all.length > 1 ? <span>{dayName(last.day, { day: 'numeric', month: 'short' })}</span> : null}
          </p>
        </>
      )}
      <button type="button" className={chartClasses.toggle} onClick={() => setAsTable(!asTable)}>
        {asTable ? t('report.asChart') : t('report.asTable')}
      </button>
    </div>
  );
}
