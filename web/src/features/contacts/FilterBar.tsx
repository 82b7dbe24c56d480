import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Filter } from '~/features/audience/contract';
import { FilterBuilder } from '~/features/audience/FilterBuilder';
import { segmentsIn } from '~/features/audience/filters';
import { useNames } from '~/features/audience/useNames';
import { describe } from '~/features/audience/words';
import { NameDialog } from '~/features/segments/NameDialog';
import { useSegmentEdits } from '~/features/segments/useSegmentEdits';
import { IconTest } from '~/ui/icons';
import classes from './FilterBar.module.css';
import { PersonPicker } from './PersonPicker';
import type { ContactsSearch } from './search';
import { useAddress } from './useAddress';
import { useDraftFilter } from './useDraftFilter';
import { type View, withFilter } from './view';

interface Props {
  id: string;
  search: ContactsSearch;
  view: View;
  /** Whether the rules are open to be changed; else they stand there as a sentence. */
  open: boolean;
  mayWrite: boolean;
  onOpen: () => void;
}

/** Who is listed: as a sentence, or as rules to change, with what can be done with them. */
export function FilterBar({ id, search, view, open, mayWrite, onOpen }: Props) {
  const { t } = useTranslation();
  const go = useAddress();
  const names = useNames();
  const { create, update } = useSegmentEdits();
  const [naming, setNaming] = useState(false);
  const [checking, setChecking] = useState(false);
  const [draft, put] = useDraftFilter(view.filter, (next) => go((now) => withFilter(now, view, next)));
  const { segment, filter, changed } = view;
  const nested = segmentsIn(draft).length > 0;
  const clear = () => go((now) => ({ ...now, filter: undefined }));
  const saved = async (name: string) => {
    const wanted: Filter = draft ?? { everyone: true };
    const made = await create.mutateAsync({ name, filter: wanted });
    go((now) => ({ ...now, filter: undefined, segment: made.id }));
  };
  const actions = (
    <div className={classes.actions}>
      {mayWrite && segment && changed ? (
        <Button
          size="xs"
          disabled={draft === null || nested}
          loading={update.isPending}
          onClick={() =>
            draft &&
            update.mutate(
              { segment, filter: draft },
              { onSuccess: () => go((now) => ({ ...now, filter: undefined })) },
            )
          }
        >
          {t('segments.update', { name: segment.name })}
        </Button>
      ) : null}
      {mayWrite && draft !== null && (!segment || changed) ? (
        <Button size="xs" variant="default" disabled={nested} onClick={() => setNaming(true)}>
          {t(segment ? 'segments.saveNew' : 'segments.save')}
        </Button>
      ) : null}
      {filter ? (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconTest size={14} strokeWidth={1.75} aria-hidden="true" />}
          onClick={() => setChecking(true)}
        >
          {t('contacts.check')}
        </Button>
      ) : null}
      {search.filter ? (
        <Button size="xs" variant="subtle" onClick={clear}>
          {t(segment ? 'segments.discard' : 'contacts.clear')}
        </Button>
      ) : null}
    </div>
  );
  return (
    <>
      {open ? (
        <section id={id} className={classes.builder} aria-label={t('contacts.filterName')}>
          <FilterBuilder filter={draft} onChange={put} withoutSegments={segment !== undefined} />
          {nested && mayWrite ? <p className={classes.note}>{t('segments.nested')}</p> : null}
          {actions}
        </section>
      ) : filter ? (
        <section id={id} className={classes.bar} aria-label={t('contacts.filterName')}>
          <button type="button" className={classes.sentence} onClick={onOpen}>
            {describe(t, filter, names)}
          </button>
          {actions}
        </section>
      ) : null}
      <NameDialog
        opened={naming}
        onClose={() => setNaming(false)}
        title={t('segments.saveTitle')}
        lead={draft ? describe(t, draft, names) : undefined}
        submit={t('segments.save')}
        onName={saved}
      />
      <PersonPicker
        opened={checking}
        onClose={() => setChecking(false)}
        onPerson={(person) => {
          setChecking(false);
          go((now) => ({ ...now, person }), false);
        }}
      />
    </>
  );
}
