import { useTranslation } from 'react-i18next';
import type { NewEndpoint } from '~/api/contract';
import { SecretOnce } from '~/ui/SecretOnce';

/** The one time that an endpoint's secret is shown. */
export function EndpointSecret({ made, onDone }: { made: NewEndpoint; onDone: () => void }) {
  const { t } = useTranslation();
  return (
    <SecretOnce
      once={t(made.previous_secret_until ? 'endpoints.onceRotated' : 'endpoints.once')}
      title={t('endpoints.secret')}
      secret={made.secret}
      copyLabel={t('endpoints.copySecret')}
      kept={t('endpoints.kept')}
      onKept={onDone}
    />
  );
}
