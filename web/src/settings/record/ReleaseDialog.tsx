import { useState } from 'react';
import { api } from '../../api/client';
import type { Quarantined } from '../../api/types';
import { t } from '../../i18n/t';
import { failureText } from '../../state/acts';
import { toast } from '../../state/toasts';
import { Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { FormActs } from '../../ui/FormActs';

/** Whether the malware scanner is the reason: then it may be let through, by somebody who answers for it. */
export const is_dangerous = (one: Quarantined) =>
  ['malware', 'not_scannable', 'disguised_program'].includes(one.reason);

export function ReleaseDialog({
  entry,
  onClose,
  onDone,
}: {
  entry: Quarantined;
  onClose: () => void;
  onDone: () => void;
}) {
  const [why, setWhy] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const release = async () => {
    setBusy(true);
    try {
      await api.post(`/quarantine/${entry.id}/release`, { why: why.trim() });
      toast(t('quarantine.released'));
      onDone();
      onClose();
    } catch (error) {
      setProblem(failureText(error) ?? undefined);
      setBusy(false);
    }
  };
  return (
    <Dialog title={t('quarantine.release_title')} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          void release();
        }}
      >
        <p>{entry.detail}</p>
        <p>{t('quarantine.release_text')}</p>
        <Field
          label={t('quarantine.release_why')}
          name="why"
          required
          maxLength={400}
          value={why}
          error={problem}
          onChange={(event) => setWhy(event.target.value)}
        />
        <FormActs act={t('quarantine.release')} kind="danger" busy={busy} disabled={!why.trim()} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
