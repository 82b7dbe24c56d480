import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { membersQuery, useMe } from '~/features/session/api';
import { Section } from '~/features/settings/Section';
import { date } from '~/lib/format';
import { Avatar, colorOf, initialsOf } from '~/ui/Avatar';
import { ErrorState } from '~/ui/States';
import { Row, SkeletonRows, Table, Td, Th } from '~/ui/Table';
import classes from './MembersPage.module.css';

/** Who is in the workspace; read only. */
export function MembersPage() {
  const { t } = useTranslation();
  const me = useMe().id;
  const { data, error, isPending, refetch } = useQuery(membersQuery);
  return (
    <Section title={t('settings.sections.members')} lead={t('members.lead')}>
      {error && !data ? (
        <ErrorState error={error} retry={refetch} />
      ) : (
        <Table
          label={t('settings.sections.members')}
          head={
            <>
              <Th>{t('members.name')}</Th>
              <Th>{t('members.role')}</Th>
              <Th wide>{t('members.presence')}</Th>
              <Th wide end>
                {t('members.joined')}
              </Th>
            </>
          }
        >
          {isPending ? <SkeletonRows columns={4} /> : null}
          {data?.map((member) => (
            <Row key={member.id}>
              <Td>
                <span className={classes.who}>
                  <Avatar initials={initialsOf(member.name)} color={colorOf(member.email)} size={36} />
                  <span className={classes.words}>
                    <span className={classes.name}>
                      <bdi>{member.name}</bdi>
                      {member.id === me ? <span className={classes.you}>{t('members.you')}</span> : null}
                    </span>
                    <span className={classes.email}>{member.email}</span>
                  </span>
                </span>
              </Td>
              <Td>{t(`members.roles.${member.role}`)}</Td>
              <Td wide>
                <span className={classes.presence} data-on={member.presence === 'online' || undefined}>
                  {t(`members.is.${member.presence}`)}
                </span>
              </Td>
              <Td wide end>
                <time dateTime={member.created_at}>{date(member.created_at)}</time>
              </Td>
            </Row>
          ))}
        </Table>
      )}
    </Section>
  );
}
