import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listQuery } from '~/features/conversations/api';
import { filtersOf } from '~/features/conversations/search';
import { Code } from '~/ui/Code';
import { Segments } from '~/ui/Segments';
import classes from './Examples.module.css';
import { contactExample, listExample, sendExample } from './examples';

const kinds = ['list', 'send', 'contact'] as const;
type ExampleKind = (typeof kinds)[number];

/** A first request, ready to be pasted; where it needs a conversation it takes one that can be written to. */
export function Examples() {
  const { t } = useTranslation();
  const [kind, setKind] = useState<ExampleKind>('list');
  const { data } = useQuery(listQuery(filtersOf({})));
  const open = data?.data.find((each) => each.window.open) ?? data?.data[0];
  const { origin } = location;
  const text = {
    list: () => listExample(origin),
    send: () => sendExample(origin, open?.id ?? 'CONVERSATION_ID', t('examples.words')),
    contact: () => contactExample(origin, '+919812345678', t('examples.person')),
  }[kind]();
  return (
    <div className={classes.examples}>
      <Segments
        name="example"
        value={kind}
        onChange={(value) => setKind(kinds.find((each) => each === value) ?? 'list')}
        choices={kinds.map((each) => ({ value: each, text: t(`examples.kinds.${each}`) }))}
        label={t('examples.title')}
      />
      <Code text={text} label={t(`examples.kinds.${kind}`)} />
      <p className={classes.note}>{t('examples.note')}</p>
    </div>
  );
}
