import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { overlays } from '~/features/shell/overlays';
import { count } from '~/lib/format';
import { IconButton } from '~/ui/IconButton';
import { IconChevronDown, IconNewChat } from '~/ui/icons';
import { Menu, MenuItem } from '~/ui/Menu';
import { countsQuery } from './api';
import classes from './ListHeader.module.css';
import { SearchField } from './SearchField';
import type { Filters, InboxSearch } from './search';

const views = ['all', 'mine', 'unassigned'] as const;
const statuses = ['open', 'snoozed', 'closed'] as const;

export function ListHeader({ filters }: { filters: Filters }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { data: counts } = useQuery(countsQuery);
  const showStatus = (status: Filters['status']) =>
    navigate({
      to: '/inbox',
      search: (old: InboxSearch) => ({ ...old, status: status === 'open' ? undefined : status }),
    });
  return (
    <header className={classes.header}>
      <div className={classes.title}>
        <Menu
          label={t('inbox.chooseStatus')}
          width={180}
          button={(button) => (
            <button type="button" className={classes.status} {...button}>
              {t(`inbox.status.${filters.status}`)}
              <IconChevronDown size={16} strokeWidth={2} aria-hidden="true" />
            </button>
          )}
        >
          {statuses.map((status) => (
            <MenuItem key={status} checked={status === filters.status} onSelect={() => showStatus(status)}>
              {t(`inbox.status.${status}`)}
            </MenuItem>
          ))}
        </Menu>
        <IconButton label={t('inbox.newChat')} data-tip-align="end" onClick={() => overlays.open('newChat')}>
          <IconNewChat size={18} strokeWidth={1.75} aria-hidden="true" />
        </IconButton>
      </div>
      <SearchField value={filters.q} />
      <nav className={classes.views} aria-label={t('inbox.views')}>
        {views.map((view) => (
          <Link
            key={view}
            to="/inbox"
            search={(old: InboxSearch) => ({ ...old, view: view === 'all' ? undefined : view })}
            className={classes.view}
            aria-current={filters.view === view ? 'true' : undefined}
          >
            {t(`inbox.view.${view}`)}
            {filters.status === 'open' && counts ? (
              <span className={classes.count}>{count(counts.open[view])}</span>
            ) : null}
          </Link>
        ))}
      </nav>
    </header>
  );
}
