import type { FormEvent } from 'react';
import { t } from '../i18n/t';
import { openThread } from '../state/threads';
import { Button } from '../ui/Button';
import { Field } from '../ui/Field';

/** What one opens is unusual: the server shows it for a reason, which it keeps. `why` is what it says. */
export function AskReason({ id, why, onLeave }: { id: string; why: string; onLeave: () => void }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    void openThread(id, true, String(new FormData(event.currentTarget).get('reason')).trim());
  };
  return (
    <div className="empty">
      <h1>{t('reason.title')}</h1>
      <p role="alert">{why}</p>
      <form className="form" onSubmit={submit}>
        <Field
          label={t('reason.label')}
          name="reason"
          required
          minLength={3}
          maxLength={200}
          hint={t('reason.hint')}
          autoComplete="off"
        />
        <div className="form-acts">
          <Button kind="quiet" onClick={onLeave}>
            {t('thread.back')}
          </Button>
          <Button kind="first" type="submit">
            {t('reason.open')}
          </Button>
        </div>
      </form>
    </div>
  );
}
