import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { countryName } from '~/features/audience/words';
import { count } from '~/lib/format';
import { Lines, Row, Table, Td, Th } from '~/ui/Table';
import type { Review } from '../contract';
import { amount, rate } from '../money';
import classes from './Review.module.css';

const categories = ['marketing', 'utility', 'authentication', 'service'] as const;

const regions = [
  'north_america',
  'rest_of_africa',
  'rest_of_asia_pacific',
  'rest_of_central_and_eastern_europe',
  'rest_of_latin_america',
  'rest_of_middle_east',
  'rest_of_western_europe',
] as const;

/** A market by its name: a country where it is one, else the region. */
export function marketName(t: TFunction<'texts'>, market: string): string {
  if (/^[A-Z]{2}$/.test(market)) return countryName(market);
  return t(`review.markets.${regions.find((each) => each === market) ?? 'other'}`);
}

/** What it costs at most, market by market. */
export function CostTable({ cost }: { cost: NonNullable<Review['cost']> }) {
  const { t } = useTranslation();
  const words = (category: string) => {
    const known = categories.find((each) => each === category);
    return known ? t(`review.categories.${known}`) : category;
  };
  return (
    <Table
      label={t('review.costTable')}
      head={
        <>
          <Th>{t('review.market')}</Th>
          <Th end>{t('review.people')}</Th>
          <Th end>{t('review.together')}</Th>
        </>
      }
    >
      {cost.by.map((line) => (
        <Row key={`${line.market} ${line.category}`}>
          <Td>
            <Lines first={marketName(t, line.market)} second={words(line.category)} />
          </Td>
          <Td end>
            {count(line.count)}
            <span className={classes.each}>
              {line.rate_micros === null
                ? t('review.noRate')
                : t('review.each', { rate: rate(line.rate_micros, line.currency) })}
            </span>
          </Td>
          <Td end>
            {line.rate_micros === null ? null : amount(line.amount_micros, line.currency)}
            {line.free_count > 0 ? (
              <span className={classes.each}>{t('review.free', { count: line.free_count })}</span>
            ) : null}
          </Td>
        </Row>
      ))}
    </Table>
  );
}
