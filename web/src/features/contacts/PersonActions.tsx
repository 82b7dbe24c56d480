import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { apiUrl } from '~/api/http';
import { useMay } from '~/features/settings/sections';
import { IconButton } from '~/ui/IconButton';
import { IconDots } from '~/ui/icons';
import { Menu, MenuItem, MenuLine } from '~/ui/Menu';
import { contactQuery } from './api';
import { AskDialog } from './BulkBar';
import { MergeDialog } from './MergeDialog';

/** What can be done to somebody as a whole: blocked, taken out as a file, erased. */
export function PersonActions({ contactId, onGone }: { contactId: string; onGone: () => void }) {
  const { t } = useTranslation();
  const { data: contact } = useQuery(contactQuery(contactId));
  const mayWrite = useMay('contacts.write');
  const mayExport = useMay('contacts.export');
  const mayErase = useMay('contacts.erase');
  const [asking, setAsking] = useState<'block' | 'unblock' | 'erase' | null>(null);
  const [merging, setMerging] = useState(false);
  if (!contact || !(mayWrite || mayExport || mayErase)) return null;
  return (
    <>
      <Menu
        label={t('person.more')}
        width={220}
        placement={{ side: 'below', align: 'end' }}
        button={(button) => (
          <IconButton label={t('person.more')} size={30} {...button}>
            <IconDots size={18} strokeWidth={1.75} />
          </IconButton>
        )}
      >
        {mayWrite ? (
          <MenuItem onSelect={() => setAsking(contact.blocked ? 'unblock' : 'block')}>
            {t(contact.blocked ? 'bulk.unblock' : 'bulk.block')}
          </MenuItem>
        ) : null}
        {mayWrite ? <MenuItem onSelect={() => setMerging(true)}>{t('person.merge')}</MenuItem> : null}
        {mayExport ? (
          <MenuItem href={apiUrl(`/contacts/${contactId}/everything`)}>{t('person.export')}</MenuItem>
        ) : null}
        {mayErase ? (
          <>
            <MenuLine />
            <MenuItem danger onSelect={() => setAsking('erase')}>
              {t('bulk.erase')}
            </MenuItem>
          </>
        ) : null}
      </Menu>
      {merging ? <MergeDialog contact={contact} onClose={() => setMerging(false)} /> : null}
      {asking ? (
        <AskDialog
          asking={asking}
          people={1}
          who={{ contact_ids: [contactId] }}
          onClose={() => setAsking(null)}
          onBegun={() => {
            if (asking === 'erase') onGone();
            setAsking(null);
          }}
        />
      ) : null}
    </>
  );
}
