import { useState, type FormEvent, type ReactNode } from 'react';
import type { ApiError } from '../api/client';
import { t } from '../i18n/t';
import { Dialog } from '../ui/Dialog';
import { TextField } from '../ui/Field';
import { FormActs } from '../ui/FormActs';
import { Problem } from '../ui/Problem';

interface Props {
  title: string;
  text?: string;
  label: string;
  act: string;
  max: number;
  danger?: boolean;
  children?: ReactNode;
  /** Gets what was written, and the other fields of the form. */
  onSend: (text: string, form: FormData) => Promise<unknown>;
  onClose: () => void;
}

/** Asks for a reason before an act that others will have to account for. */
export function AskDialog({ title, text, label, act, max, danger, children, onSend, onClose }: Props) {
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    const form = new FormData(event.currentTarget);
    setBusy(true);
    try {
      await onSend(String(form.get('text')), form);
      onClose();
    } catch (error) {
      setProblem((error as ApiError).message || t('error.offline'));
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="form" onSubmit={(event) => void submit(event)}>
        <Problem text={problem} />
        {text && <p className="muted">{text}</p>}
        {children}
        <TextField label={label} name="text" required maxLength={max} rows={5} />
        <FormActs act={act} kind={danger ? 'danger' : 'first'} busy={busy} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
