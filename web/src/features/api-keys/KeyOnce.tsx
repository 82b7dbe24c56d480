import { useTranslation } from 'react-i18next';
import { Code } from '~/ui/Code';
import { ShownSet } from '~/ui/FieldSet';
import { SecretOnce } from '~/ui/SecretOnce';
import { listExample } from './examples';

interface Props {
  name: string;
  secret: string;
  onDone: () => void;
}

/** The one time that a key's secret is shown, with a request that uses it. */
export function KeyOnce({ name, secret, onDone }: Props) {
  const { t } = useTranslation();
  return (
    <SecretOnce
      once={t('apiKeys.once')}
      title={name}
      secret={secret}
      copyLabel={t('apiKeys.copySecret')}
      kept={t('apiKeys.kept')}
      onKept={onDone}
    >
      <ShownSet legend={t('apiKeys.tryIt')}>
        <Code text={listExample(location.origin, secret)} label={t('apiKeys.tryIt')} />
      </ShownSet>
    </SecretOnce>
  );
}
