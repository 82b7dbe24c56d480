import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { numbersQuery } from '~/features/numbers/api';
import { useMay } from '~/features/settings/sections';
import { templateQuery } from '~/features/templates/list';
import { campaignListQuery, countQuery, listsQuery, traitsQuery } from '../api';
import type { Campaign } from '../contract';
import type { Facts } from './sentences';

const PAUSE_MS = 300;

/** What the ids in a draft are called, and how many people its audience means. */
export function useFacts(campaign: Campaign): Facts {
  const mayReadNumbers = useMay('numbers.read');
  const { data: numbers } = useQuery({ ...numbersQuery, enabled: mayReadNumbers });
  const { data: template } = useQuery({
    ...templateQuery(campaign.template_id ?? ''),
    enabled: campaign.template_id !== null,
  });
  const { data: traits } = useQuery(traitsQuery);
  const { data: lists } = useQuery(listsQuery);
  const { data: campaigns } = useInfiniteQuery(campaignListQuery({}));
  const [audience] = useDebouncedValue(campaign.audience, PAUSE_MS);
  const { data: counted } = useQuery({ ...countQuery(audience), placeholderData: (old) => old });
  return {
    number: numbers?.find((each) => each.id === campaign.number_id),
    template,
    count: campaign.audience ? counted?.count : undefined,
    names: {
      traits: traits ?? [],
      list: (id) => lists?.find((each) => each.id === id)?.name,
      campaign: (id) => campaigns?.pages.flatMap((page) => page.data).find((each) => each.id === id)?.name,
    },
  };
}
