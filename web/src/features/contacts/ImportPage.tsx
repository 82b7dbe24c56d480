import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { filterText } from '~/features/audience/address';
import { ImportPanel } from '~/features/imports/ImportPanel';
import { Frame } from '~/ui/Frame';
import { IconBack } from '~/ui/icons';
import { backLink } from '~/ui/PageHead';
import './texts';

/** Brings people in from a file; its list is then what the contacts show. */
export function ImportPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <Frame
      title={t('contacts.importTitle')}
      lead={t('contacts.importLead')}
      back={
        <Link to="/contacts" className={backLink}>
          <IconBack size={16} strokeWidth={1.75} aria-hidden="true" />
          {t('contacts.title')}
        </Link>
      }
    >
      <ImportPanel
        numberCountry={null}
        remember="wigwag-import-contacts"
        onList={(list) => void navigate({ to: '/contacts', search: { filter: filterText({ list }) } })}
      />
    </Frame>
  );
}
