import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { campaignListQuery } from '~/features/campaigns/api';
import { numbersQuery } from '~/features/numbers/api';
import { segmentsQuery } from '~/features/segments/api';
import { useMay } from '~/features/settings/sections';
import { listsQuery, traitsQuery } from './api';
import type { Names } from './words';

/** What the ids and keys in a filter are called, as far as the reader may know. */
export function useNames(): Names {
  const mayReadNumbers = useMay('numbers.read');
  const mayReadCampaigns = useMay('campaigns.read');
  const { data: numbers } = useQuery({ ...numbersQuery, enabled: mayReadNumbers });
  const { data: traits } = useQuery(traitsQuery);
  const { data: lists } = useQuery(listsQuery);
  const { data: segments } = useQuery(segmentsQuery);
  const { data: campaigns } = useInfiniteQuery({ ...campaignListQuery({}), enabled: mayReadCampaigns });
  return {
    traits: traits ?? [],
    list: (id) => lists?.find((each) => each.id === id)?.name,
    campaign: (id) => campaigns?.pages.flatMap((page) => page.data).find((each) => each.id === id)?.name,
    segment: (id) => segments?.find((each) => each.id === id)?.name,
    number: (id) => numbers?.find((each) => each.id === id)?.verified_name,
  };
}
