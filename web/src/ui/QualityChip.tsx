import { useTranslation } from 'react-i18next';
import type { Quality } from '~/api/contract';
import { Chip, type Tone } from './Chip';
import classes from './QualityChip.module.css';

const tones: Record<Quality, Tone> = {
  green: 'success',
  yellow: 'warning',
  red: 'danger',
  unknown: 'neutral',
};
const bars: Record<Quality, number> = { green: 3, yellow: 2, red: 1, unknown: 0 };

/** Meta's quality rating as words and as bars, so that the colour is never alone. */
export function QualityChip({ quality }: { quality: Quality }) {
  const { t } = useTranslation();
  const known: Quality = quality in tones ? quality : 'unknown';
  return (
    <Chip
      tone={tones[known]}
      icon={
        <span className={classes.bars}>
          {[1, 2, 3].map((bar) => (
            <span key={bar} data-on={bar <= bars[known] || undefined} />
          ))}
        </span>
      }
    >
      {t(`quality.${known}`)}
    </Chip>
  );
}
