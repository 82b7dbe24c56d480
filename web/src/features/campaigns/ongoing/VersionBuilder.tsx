import { LeaveGuard } from '~/ui/LeaveGuard';
import { Builder } from '../builder/Builder';
import type { Campaign } from '../contract';
import type { Step } from '../search';
import { useVersion } from './useVersion';

/** The builder filled in with what is in force; what is changed counts when it is put in force. */
export function VersionBuilder({ saved, step }: { saved: Campaign; step: Step }) {
  const { draft, leaving } = useVersion(saved);
  return (
    <>
      <Builder draft={draft} step={step} />
      <LeaveGuard
        dirty={draft.version?.dirty === true}
        leaving={leaving}
        within={(pathname) => pathname.startsWith(`/campaigns/${saved.id}/edit`)}
      />
    </>
  );
}
