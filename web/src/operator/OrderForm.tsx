import { useState, type FormEvent } from 'react';
import { api, type ApiError } from '../api/client';
import type { Id } from '../api/types';
import { t } from '../i18n/t';
import { Button } from '../ui/Button';
import { Field } from '../ui/Field';
import { Problem } from '../ui/Problem';

export function OrderForm({ workspace, onDone }: { workspace: Id; onDone: () => void }) {
  const [problem, setProblem] = useState('');
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const given = new FormData(form);
    try {
      await api.post(`/oversight/workspaces/${workspace}/orders`, {
        reference: String(given.get('reference')),
        amount: String(given.get('amount')),
        due_at: new Date(String(given.get('due_at'))).toISOString(),
      });
      form.reset();
      setProblem('');
      onDone();
    } catch (error) {
      setProblem((error as ApiError).message || t('error.offline'));
    }
  };
  return (
    <form className="form" onSubmit={(event) => void submit(event)}>
      <Problem text={problem} />
      <Field label={t('order.reference')} name="reference" required maxLength={100} autoComplete="off" />
      <Field label={t('order.amount')} name="amount" required maxLength={100} autoComplete="off" />
      <Field label={t('order.due_at')} name="due_at" type="date" required />
      <div className="form-acts">
        <Button type="submit">{t('order.record')}</Button>
      </div>
    </form>
  );
}
