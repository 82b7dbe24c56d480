import { useQuery } from '@tanstack/react-query';
import { numbersQuery } from '~/features/numbers/api';
import { useMay } from '~/features/settings/sections';

/** Who the messages of a WABA come from: its first number's name, where one may know it. */
export function useSender(wabaId: string | null): string | undefined {
  const mayRead = useMay('numbers.read');
  const { data } = useQuery({ ...numbersQuery, enabled: mayRead });
  const own = data?.find((number) => number.waba.waba_id === wabaId) ?? (wabaId ? undefined : data?.[0]);
  return own?.verified_name || undefined;
}
