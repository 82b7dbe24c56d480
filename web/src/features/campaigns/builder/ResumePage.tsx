import { useQuery } from '@tanstack/react-query';
import { Navigate, useParams } from '@tanstack/react-router';
import { Starting } from '~/features/shell/Fallbacks';
import { ErrorState } from '~/ui/States';
import { campaignQuery } from '../api';
import { firstOpen } from './progress';
import '../texts';

/** Goes on where a draft still needs a decision. */
export function ResumePage() {
  const { campaignId } = useParams({ from: '/signed-in/campaigns/$campaignId/edit' });
  const { data, error, refetch } = useQuery(campaignQuery(campaignId));
  if (data)
    return (
      <Navigate
        to="/campaigns/$campaignId/edit/$step"
        params={{ campaignId, step: firstOpen(data) }}
        replace
      />
    );
  return error ? <ErrorState error={error} retry={refetch} /> : <Starting />;
}
