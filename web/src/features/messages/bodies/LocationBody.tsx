import { useTranslation } from 'react-i18next';
import { IconMapPin } from '~/ui/icons';
import type { Place } from '../content';
import classes from './LocationBody.module.css';

/** The address of a place on a map that anybody may open. */
function mapOf({ latitude, longitude }: Place): string | null {
  if (!Number.isFinite(latitude) || !Number.isFinite(longitude)) return null;
  return `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`;
}

/** A place: a drawn map, because a real one would tell a stranger where the customer is. */
export function LocationBody({ place }: { place: Place }) {
  const { t } = useTranslation();
  const href = mapOf(place);
  const figures = href ? `${place.latitude?.toFixed(5)}, ${place.longitude?.toFixed(5)}` : '';
  return (
    <div className={classes.place}>
      <div className={classes.map}>
        <svg viewBox="0 0 280 120" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
          <path className={classes.water} d="M0 84c50-18 84 14 140-2s84-30 140-12v50H0z" />
          <path
            className={classes.road}
            d="M-10 40 110 62l60-40 120 26M60-10l50 72 20 70M210-10l-14 60 40 80"
          />
        </svg>
        <span className={classes.pin}>
          <IconMapPin size={20} strokeWidth={2} aria-hidden="true" />
        </span>
      </div>
      <div className={classes.words} dir="auto">
        <strong>{place.name || place.address || figures || t('kinds.location')}</strong>
        {place.name && place.address ? <span>{place.address}</span> : null}
        {href ? (
          <a href={href} target="_blank" rel="noreferrer">
            {t('bubble.openMap')}
          </a>
        ) : null}
      </div>
    </div>
  );
}
