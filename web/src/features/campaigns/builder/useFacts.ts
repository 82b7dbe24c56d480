import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { countQuery } from '~/features/audience/api';
import { useNames } from '~/features/audience/useNames';
import { numbersQuery } from '~/features/numbers/api';
import { useMay } from '~/features/settings/sections';
import { templateQuery } from '~/features/templates/list';
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
  const names = useNames();
  // Whom an on-going one meets is not known before it happens.
  const asked = campaign.kind === 'ongoing' ? null : campaign.audience;
  const [audience] = useDebouncedValue(asked, PAUSE_MS);
  const { data: counted } = useQuery({ ...countQuery(audience), placeholderData: (old) => old });
  return {
    number: numbers?.find((each) => each.id === campaign.number_id),
    template,
    count: asked ? counted?.count : undefined,
    names,
  };
}
