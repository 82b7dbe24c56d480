import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { numbersQuery } from '~/features/numbers/api';
import { useMay } from '~/features/settings/sections';
import { Select } from '~/ui/Select';
import { type ConversationTest, standings, windows } from './contract';
import classes from './FilterBuilder.module.css';

interface Props {
  test: ConversationTest;
  not: boolean;
  onChange: (next: { test: ConversationTest; not: boolean }) => void;
}

/** How one of somebody's conversations stands; what is “any” is not asked. */
export function ConversationFields({ test, not, onChange }: Props) {
  const { t } = useTranslation();
  const mayReadNumbers = useMay('numbers.read');
  const { data: numbers } = useQuery({ ...numbersQuery, enabled: mayReadNumbers });
  const put = (change: Partial<ConversationTest>) => {
    const entries = Object.entries({ ...test, ...change }).filter(([, value]) => value !== undefined);
    onChange({ test: Object.fromEntries(entries), not });
  };
  const truth = (name: 'unread' | 'assigned', yes: string, no: string, any: string) => (
    <Select
      bare
      label={t(`audience.conversation.${name}`)}
      value={test[name] === undefined ? 'any' : String(test[name])}
      choices={[
        { value: 'any', text: any },
        { value: 'true', text: yes },
        { value: 'false', text: no },
      ]}
      onChange={(value) => put({ [name]: value === 'any' ? undefined : value === 'true' })}
    />
  );
  return (
    <>
      <span className={classes.how}>
        <Select
          bare
          label={t('audience.how')}
          value={not ? 'not' : 'has'}
          choices={[
            { value: 'has', text: t('audience.has.conversation') },
            { value: 'not', text: t('audience.hasNot.conversation') },
          ]}
          onChange={(value) => onChange({ test, not: value === 'not' })}
        />
      </span>
      <span className={classes.value}>
        <Select
          bare
          label={t('audience.conversation.status')}
          value={test.status ?? 'any'}
          choices={[
            { value: 'any', text: t('audience.conversation.anyStatus') },
            ...standings.map((value) => ({ value, text: t(`audience.standing.${value}`) })),
          ]}
          onChange={(value) => put({ status: standings.find((each) => each === value) })}
        />
      </span>
      <span className={classes.line}>
        {truth(
          'unread',
          t('audience.says.unread'),
          t('audience.says.seen'),
          t('audience.conversation.anyRead'),
        )}
        {truth(
          'assigned',
          t('audience.says.assigned'),
          t('audience.says.unassigned'),
          t('audience.conversation.anyAssigned'),
        )}
        <Select
          bare
          label={t('audience.conversation.window')}
          value={test.window ?? 'any'}
          choices={[
            { value: 'any', text: t('audience.conversation.anyWindow') },
            ...windows.map((value) => ({ value, text: t(`audience.says.window.${value}`) })),
          ]}
          onChange={(value) => put({ window: windows.find((each) => each === value) })}
        />
        {test.number || (numbers?.length ?? 0) > 1 ? (
          <Select
            bare
            label={t('audience.conversation.number')}
            value={test.number ?? 'any'}
            choices={[
              { value: 'any', text: t('audience.conversation.anyNumber') },
              ...(numbers ?? []).map((each) => ({
                value: each.id,
                text: `${each.verified_name} ${each.display_phone_number}`,
              })),
              ...(test.number && !numbers?.some((each) => each.id === test.number)
                ? [{ value: test.number, text: t('audience.someNumber') }]
                : []),
            ]}
            onChange={(value) => put({ number: value === 'any' ? undefined : value })}
          />
        ) : null}
      </span>
      {Object.keys(test).length === 0 ? (
        <span className={classes.wrong} role="alert">
          {t('audience.conversation.nothing')}
        </span>
      ) : null}
    </>
  );
}
