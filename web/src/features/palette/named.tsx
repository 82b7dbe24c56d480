import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Page, Template } from '~/api/contract';
import { get } from '~/api/http';
import type { Campaign } from '~/features/campaigns/contract';
import { segmentsQuery } from '~/features/segments/api';
import { useMay } from '~/features/settings/sections';
import { languageName } from '~/lib/format';
import { IconCampaign, IconSegment, IconTemplate } from '~/ui/icons';

const SHOWN = 5;
const look = { size: 18, strokeWidth: 1.75 } as const;

/** Campaigns whose name fits, the newest first; asked of the server, so that all of them can be found. */
const campaignsQuery = (q: string) =>
  queryOptions({
    queryKey: ['campaigns', 'named', q],
    queryFn: async ({ signal }) =>
      (await get<Page<Campaign>>('/campaigns', { q, limit: SHOWN }, signal)).data,
    staleTime: 10_000,
  });

/** Templates whose name fits; they are written with underscores, and typed without. */
const templatesQuery = (q: string) =>
  queryOptions({
    queryKey: ['templates', 'named', q],
    queryFn: async ({ signal }) =>
      (await get<Page<Template>>('/templates', { q: q.replace(/\s+/g, '_'), limit: SHOWN }, signal)).data,
    staleTime: 10_000,
  });

/** What is found by a name that somebody gave it, as lines of the palette. */
export function useNamed(asked: string, on: boolean) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const mayCampaigns = useMay('campaigns.read');
  const mayTemplates = useMay('templates.read');
  const mayContacts = useMay('contacts.read');
  const wanted = on && asked.length > 0;
  const segments = useQuery({ ...segmentsQuery, enabled: wanted && mayContacts });
  const campaigns = useQuery({
    ...campaignsQuery(asked),
    enabled: wanted && mayCampaigns,
    placeholderData: keepPreviousData,
  });
  const templates = useQuery({
    ...templatesQuery(asked),
    enabled: wanted && mayTemplates,
    placeholderData: keepPreviousData,
  });
  return {
    segments: (wanted ? (segments.data ?? []) : [])
      .filter(({ name }) => name.toLocaleLowerCase().includes(asked.toLocaleLowerCase()))
      .slice(0, SHOWN)
      .map(({ id, name }) => ({
        id,
        text: name,
        icon: <IconSegment {...look} />,
        run: () => void navigate({ to: '/contacts', search: { segment: id } }),
      })),
    campaigns: (wanted ? (campaigns.data ?? []) : []).map(({ id, name, state }) => ({
      id,
      text: name,
      note: t(`palette.campaignStates.${state}`),
      icon: <IconCampaign {...look} />,
      run: () => void navigate({ to: '/campaigns/$campaignId', params: { campaignId: id } }),
    })),
    templates: (wanted ? (templates.data ?? []) : []).map(({ id, name, language }) => ({
      id,
      text: name,
      note: languageName(language),
      icon: <IconTemplate {...look} />,
      run: () => void navigate({ to: '/templates/$templateId', params: { templateId: id } }),
    })),
    searching:
      segments.isLoading ||
      [campaigns, templates].some(({ isLoading, isPlaceholderData }) => isLoading || isPlaceholderData),
  };
}
