import { t } from '../i18n/t';
import type { LocalDraft } from '../state/drafts';

const words = {
  no: 'draft.writing',
  here: 'draft.here',
  server: 'draft.server',
  failed: 'draft.failed',
} as const;

export function DraftState({ draft, quiet }: { draft: LocalDraft; quiet: boolean }) {
  return <span className="draft-state muted small">{quiet ? '' : t(words[draft.saved])}</span>;
}
