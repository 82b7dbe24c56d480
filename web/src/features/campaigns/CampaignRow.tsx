import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { count } from '~/lib/format';
import { narrowOnly, Row, rowDoor, Td } from '~/ui/Table';
import classes from './CampaignsPage.module.css';
import type { Campaign } from './contract';
import { FunnelBar } from './FunnelBar';
import { share } from './figures';
import { Moment } from './Moment';
import { amount } from './money';
import { RowMenu } from './RowMenu';
import { StateChip } from './StateChip';

export function CampaignRow({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const { id, name, state, funnel, cost } = campaign;
  const begun = funnel.planned > 0;
  const draft = state === 'draft';
  const at = campaign.started_at ?? campaign.scheduled_at ?? campaign.updated_at;
  return (
    <Row>
      <Td>
        <span className={classes.what}>
          {draft ? (
            <Link to="/campaigns/$campaignId/edit" params={{ campaignId: id }} className={rowDoor}>
              <bdi>{name}</bdi>
            </Link>
          ) : (
            <Link to="/campaigns/$campaignId" params={{ campaignId: id }} className={rowDoor}>
              <bdi>{name}</bdi>
            </Link>
          )}
          {campaign.kind === 'ongoing' ? (
            <span className={classes.kind}>{t('campaigns.ongoing.one')}</span>
          ) : null}
          <span className={narrowOnly}>
            {funnel.sent > 0
              ? t('campaigns.narrow', { sent: count(funnel.sent), read: share(funnel.read, funnel.sent) })
              : t('campaigns.notSent')}
          </span>
        </span>
      </Td>
      <Td tight>
        <StateChip campaign={campaign} />
      </Td>
      <Td wide>
        {begun ? (
          <span className={classes.progress}>
            <FunnelBar funnel={funnel} />
          </span>
        ) : (
          <span className={classes.nothing}>{t('campaigns.notSent')}</span>
        )}
      </Td>
      <Figure value={funnel.sent} of={funnel.planned} shown={begun} />
      <Figure value={funnel.delivered} of={funnel.sent} shown={begun} most />
      <Figure value={funnel.read} of={funnel.sent} shown={begun} />
      <Figure value={funnel.replied} of={funnel.sent} shown={begun} most />
      <Td wide tight end>
        {begun && cost.currency ? amount(cost.charged_micros ?? 0, cost.currency) : null}
      </Td>
      <Td wide="most" tight end>
        <Moment at={at} />
      </Td>
      <Td tight end>
        <span className={classes.menu}>
          <RowMenu campaign={campaign} />
        </span>
      </Td>
    </Row>
  );
}

interface FigureProps {
  value: number;
  of: number;
  shown: boolean;
  most?: boolean;
}

function Figure({ value, of, shown, most }: FigureProps) {
  return (
    <Td wide={most ? 'most' : true} tight end>
      {shown ? (
        <>
          {count(value)}
          {value > 0 && of > 0 ? <span className={classes.share}>{share(value, of)}</span> : null}
        </>
      ) : null}
    </Td>
  );
}
