import { MeasureFields } from '../builder/MeasureFields';
import { SafetyFields } from '../builder/SafetyFields';
import type { Draft } from '../builder/useDraft';

/** What counts as success, and what holds it back. */
export function LimitsStep({ draft }: { draft: Draft }) {
  const { campaign, edit } = draft;
  return (
    <>
      <MeasureFields settings={campaign.settings} onChange={(settings) => edit({ settings })} />
      <SafetyFields kind="ongoing" settings={campaign.settings} onChange={(settings) => edit({ settings })} />
    </>
  );
}
