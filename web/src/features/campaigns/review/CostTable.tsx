import { useTranslation } from 'react-i18next';
import { count } from '~/lib/format';
import { Row, Table, Td, Th } from '~/ui/Table';
import { countryName } from '../audience/words';
import type { Review } from '../contract';
import { amount, rate } from '../money';

const categories = ['marketing', 'utility', 'authentication', 'service'] as const;

/** A market by its name: a country where it is one, else as Meta calls it. */
export const marketName = (market: string): string =>
  /^[A-Z]{2}$/.test(market) ? countryName(market) : market.replaceAll('_', ' ');

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
          <Th wide>{t('review.category')}</Th>
          <Th end>{t('review.people')}</Th>
          <Th wide end>
            {t('review.each')}
          </Th>
          <Th end>{t('review.together')}</Th>
        </>
      }
    >
      {cost.by.map((line) => (
        <Row key={`${line.market} ${line.category}`}>
          <Td>{marketName(line.market)}</Td>
          <Td wide>{words(line.category)}</Td>
          <Td end>{count(line.count)}</Td>
          <Td wide end>
            {line.rate_micros === null ? t('review.noRate') : rate(line.rate_micros, line.currency)}
          </Td>
          <Td end>
            {line.rate_micros === null ? t('review.noRate') : amount(line.amount_micros, line.currency)}
          </Td>
        </Row>
      ))}
    </Table>
  );
}
