import { useState, type FormEvent } from 'react';
import { api, type ApiError } from '../api/client';
import type { Agreement, Id } from '../api/types';
import { t } from '../i18n/t';
import { toast } from '../state/toasts';
import { Button } from '../ui/Button';
import { Field, TextField } from '../ui/Field';
import { Problem } from '../ui/Problem';

type Count = 'seats' | 'channels' | 'messages' | 'storage_megabytes' | 'attachment_megabytes' | 'connections';
type Term = Agreement['terms'][number];
const asLines = (terms: Term[]) => terms.map((one) => `${one.clause} ${one.name} = ${one.value}`).join('\n');

/** "no_bulk ladder = 1 warn": one term a line. */
function readTerms(text: string): Term[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => {
      const [, clause = line, name = '', value = ''] = /^(\S+) (\S+) = (.+)$/.exec(line) ?? [];
      return { clause, name, value };
    });
}

/** The form has the day only: its hour stays as it was recorded, for the version of that hour binds. */
export const signedAt = (day: string, found: Agreement | null) =>
  found?.signed_at.startsWith(day) ? found.signed_at : new Date(day).toISOString();

export function AgreementForm(props: { workspace: Id; found: Agreement | null; onDone: () => void }) {
  const { workspace, found, onDone } = props;
  const [problem, setProblem] = useState('');
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const text = (name: string) => String(given.get(name) ?? '').trim();
    const limit = (name: string) => (text(name) === '' ? null : Number(text(name)));
    try {
      await api.put(`/oversight/workspaces/${workspace}/agreement`, {
        signed_at: signedAt(text('signed_at'), found),
        signatory: text('signatory'),
        seats: limit('seats'),
        channels: limit('channels'),
        messages: limit('messages'),
        storage_megabytes: limit('storage_megabytes'),
        attachment_megabytes: limit('attachment_megabytes'),
        connections: limit('connections'),
        period_days: Number(text('period_days')),
        features: text('features')
          .split(/[\s,]+/)
          .filter(Boolean),
        administrator_address: text('administrator_address') || null,
        security_address: text('security_address') || null,
        privacy_address: text('privacy_address') || null,
        terms: readTerms(text('terms')),
      });
      setProblem('');
      toast(t('agreement.saved'));
      onDone();
    } catch (error) {
      const { problem: said, message } = error as ApiError;
      setProblem(said?.errors?.map((one) => `${one.field}: ${one.detail}`).join(' ') || message || t('error.offline'));
    }
  };
  const count = (name: Count, label: string) => (
    <Field
      label={label}
      name={name}
      type="number"
      min={0}
      hint={t('agreement.empty_no_limit')}
      defaultValue={found?.[name] ?? ''}
    />
  );
  return (
    <form className="form" onSubmit={(event) => void submit(event)}>
      <Problem text={problem} />
      <Field
        label={t('agreement.signed_at')}
        name="signed_at"
        type="date"
        required
        defaultValue={found?.signed_at.slice(0, 10)}
      />
      <Field
        label={t('agreement.signatory')}
        name="signatory"
        required
        maxLength={200}
        autoComplete="off"
        defaultValue={found?.signatory}
      />
      {count('seats', t('agreement.seats'))}
      {count('channels', t('agreement.channels'))}
      {count('messages', t('agreement.messages_in_period'))}
      {count('storage_megabytes', t('agreement.storage_megabytes'))}
      {count('attachment_megabytes', t('agreement.attachment_megabytes'))}
      {count('connections', t('agreement.connections'))}
      <Field
        label={t('agreement.period_days')}
        name="period_days"
        type="number"
        min={1}
        max={366}
        required
        defaultValue={found?.period_days ?? 30}
      />
      <Field
        label={t('agreement.features')}
        hint={t('agreement.features_hint')}
        name="features"
        autoComplete="off"
        defaultValue={found?.features.join(' ')}
      />
      {(['administrator', 'security', 'privacy'] as const).map((who) => (
        <Field
          key={who}
          label={t(`agreement.${who}_address`)}
          name={`${who}_address`}
          type="email"
          autoComplete="off"
          defaultValue={found?.[`${who}_address`] ?? ''}
        />
      ))}
      <TextField
        label={t('agreement.terms')}
        hint={t('agreement.terms_hint')}
        name="terms"
        defaultValue={asLines(found?.terms ?? [])}
      />
      <div className="form-acts">
        <Button kind="first" type="submit">
          {t('agreement.save')}
        </Button>
      </div>
    </form>
  );
}
