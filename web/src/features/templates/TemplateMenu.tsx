import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Template } from '~/api/contract';
import { IconButton } from '~/ui/IconButton';
import { IconCopy, IconDots, IconLanguage, IconTrash } from '~/ui/icons';
import { Menu, MenuItem, MenuLine } from '~/ui/Menu';
import { DeleteDialog } from './DeleteDialog';
import { DuplicateDialog } from './DuplicateDialog';

/** What can be done with a template beside editing it. */
export function TemplateMenu({ template }: { template: Template }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState<'copy' | 'language' | 'delete' | null>(null);
  const close = () => setOpened(null);
  return (
    <>
      <Menu
        label={t('templates.moreActions')}
        placement={{ side: 'below', align: 'end' }}
        button={(button) => (
          <IconButton label={t('templates.moreActions')} {...button}>
            <IconDots size={18} strokeWidth={1.75} aria-hidden="true" />
          </IconButton>
        )}
      >
        <MenuItem icon={<IconCopy size={16} strokeWidth={1.75} />} onSelect={() => setOpened('copy')}>
          {t('templates.duplicate')}
        </MenuItem>
        <MenuItem icon={<IconLanguage size={16} strokeWidth={1.75} />} onSelect={() => setOpened('language')}>
          {t('templates.addLanguage')}
        </MenuItem>
        <MenuLine />
        <MenuItem
          danger
          icon={<IconTrash size={16} strokeWidth={1.75} />}
          onSelect={() => setOpened('delete')}
        >
          {t('templates.delete')}
        </MenuItem>
      </Menu>
      <DuplicateDialog
        template={template}
        mode={opened === 'language' ? 'language' : 'copy'}
        opened={opened === 'copy' || opened === 'language'}
        onClose={close}
      />
      <DeleteDialog template={template} opened={opened === 'delete'} onClose={close} />
    </>
  );
}
