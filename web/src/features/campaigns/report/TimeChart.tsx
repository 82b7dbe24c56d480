import { useElementSize } from '@mantine/hooks';
import { type PointerEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { clock, count, exact } from '~/lib/format';
import { locale } from '~/texts/texts';
import { Skeleton } from '~/ui/Skeleton';
import { Row, Table, Td, Th } from '~/ui/Table';
import type { Funnel, SeriesPoint } from '../contract';
import { type Line, lines, nearest, pathOf, spread, summed, type Totals, xTicks, yTicks } from './chart';
import classes from './TimeChart.module.css';

const HEIGHT = 240;
const TOP = 12;
const BOTTOM = 28;
const START = 52;
/** About how wide a letter of a label is. */
const LETTER = 7.4;
const GAP = 17;
const DAY = 86_400_000;
/** More rows than these nobody reads; the middle is thinned out. */
const MOST_ROWS = 48;

/** What happened over time, as thin lines with their names at their ends; the same as a table. */
export function TimeChart({ series }: { series: SeriesPoint[] }) {
  const { t } = useTranslation();
  const [asTable, setAsTable] = useState(false);
  const points = summed(series);
  const shown = lines.filter((line) => (points.at(-1)?.[line] ?? 0) > 0);
  if (points.length === 0 || shown.length === 0) return <p className={classes.none}>{t('report.noTime')}</p>;
  return (
    <div className={classes.box}>
      {asTable ? <AsTable points={points} shown={shown} /> : <Drawing points={points} shown={shown} />}
      <button type="button" className={classes.toggle} onClick={() => setAsTable(!asTable)}>
        {asTable ? t('report.asChart') : t('report.asTable')}
      </button>
    </div>
  );
}

/** The room of the chart; a line of words where nothing can have happened yet. */
export function TimeSkeleton({ funnel }: { funnel: Funnel }) {
  const { t } = useTranslation();
  if (funnel.sent + funnel.failed === 0) return <p className={classes.none}>{t('report.noTime')}</p>;
  return (
    <div className={classes.box} aria-hidden="true">
      <Skeleton height={HEIGHT} />
      <span className={classes.grey}>
        <Skeleton width={96} />
      </span>
    </div>
  );
}

function Drawing({ points, shown }: { points: Totals[]; shown: Line[] }) {
  const { t } = useTranslation();
  const { ref, width } = useElementSize();
  const [over, setOver] = useState<Totals | null>(null);
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return null;
  const from = first.at;
  const to = last.at;
  const letters = shown.map((line) => count(last[line]).length + t(`campaigns.figures.${line}`).length);
  const labels = 28 + LETTER * Math.max(...letters);
  const inner = Math.max(40, width - START - labels);
  const ticks = yTicks(Math.max(...shown.map((line) => last[line])));
  const top = ticks.at(-1) ?? 1;
  const x = (at: number) => START + (inner * (at - from)) / Math.max(1, to - from);
  const y = (value: number) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top);
  const path = (line: Line): [number, number][] => points.map((each) => [x(each.at), y(each[line])]);
  const heights = spread(
    shown.map((line) => y(last[line])),
    GAP,
    TOP,
    HEIGHT - BOTTOM,
  );
  const time = (at: number) =>
    to - from > 2 * DAY
      ? new Intl.DateTimeFormat(locale(), { day: 'numeric', month: 'short' }).format(at)
      : clock(new Date(at).toISOString());
  const move = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const at = from + ((event.clientX - box.left - START) / inner) * (to - from);
    setOver(at >= from - 1 && at <= to + 1 ? (nearest(points, at) ?? null) : null);
  };
  const told = over ?? last;
  return (
    <div ref={ref} className={classes.frame} dir="ltr">
      {width > 0 ? (
        <svg
          width={width}
          height={HEIGHT}
          role="img"
          aria-label={t('report.chartSaid', {
            figures: new Intl.ListFormat(locale()).format(
              shown.map((line) =>
                t(`report.lineSaid`, { name: t(`campaigns.figures.${line}`), count: count(last[line]) }),
              ),
            ),
          })}
          onPointerMove={move}
          onPointerLeave={() => setOver(null)}
        >
          {ticks.map((tick) => (
            <g key={tick}>
              <line className={classes.grid} x1={START} x2={START + inner} y1={y(tick)} y2={y(tick)} />
              <text className={classes.tick} x={START - 10} y={y(tick) + 4} textAnchor="end">
                {count(tick)}
              </text>
            </g>
          ))}
          {xTicks(from, to, inner / 84).map((tick) => (
            <text key={tick} className={classes.tick} x={x(tick)} y={HEIGHT - 6} textAnchor="middle">
              {time(tick)}
            </text>
          ))}
          {shown.map((line) => (
            <path key={line} className={classes.line} data-line={line} d={pathOf(path(line))} />
          ))}
          {over ? (
            <line className={classes.cross} x1={x(over.at)} x2={x(over.at)} y1={TOP} y2={HEIGHT - BOTTOM} />
          ) : null}
          {shown.map((line, index) => (
            <g key={line} data-line={line} className={classes.label}>
              <circle className={classes.dot} cx={x(told.at)} cy={y(told[line])} r={3} />
              <text x={START + inner + 12} y={(heights[index] ?? 0) + 4}>
                <tspan className={classes.figure}>{count(told[line])}</tspan>
                <tspan dx="6">{t(`campaigns.figures.${line}`)}</tspan>
              </text>
            </g>
          ))}
        </svg>
      ) : null}
      <p className={classes.moment} aria-hidden="true">
        {exact(new Date(told.at).toISOString())}
      </p>
    </div>
  );
}

function AsTable({ points, shown }: { points: Totals[]; shown: Line[] }) {
  const { t } = useTranslation();
  const step = Math.max(1, Math.ceil(points.length / MOST_ROWS));
  const rows = points.filter((_, index) => index % step === 0 || index === points.length - 1);
  return (
    <Table
      label={t('report.time')}
      head={
        <>
          <Th>{t('report.moment')}</Th>
          {shown.map((line) => (
            <Th key={line} end>
              {t(`campaigns.figures.${line}`)}
            </Th>
          ))}
        </>
      }
    >
      {rows.map((point) => (
        <Row key={point.at}>
          <Td>{exact(new Date(point.at).toISOString())}</Td>
          {shown.map((line) => (
            <Td key={line} end>
              {count(point[line])}
            </Td>
          ))}
        </Row>
      ))}
    </Table>
  );
}
