import { Outlet } from '@tanstack/react-router';
import { Problem } from '~/api/problem';
import { useMay } from '~/features/settings/sections';
import { ErrorState } from '~/ui/States';
import classes from './TemplatesLayout.module.css';

const forbidden = new Problem({ status: 403, code: 'forbidden' });

/** The frame of the template pages: one column that scrolls. */
export function TemplatesLayout() {
  const mayRead = useMay('templates.read');
  return (
    <div className={classes.scroller}>
      {mayRead ? <Outlet /> : <ErrorState error={forbidden} retry={() => undefined} />}
    </div>
  );
}
