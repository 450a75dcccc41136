import type { FormEvent, ReactNode } from 'react';
import { api } from '../api/client';
import { t } from '../i18n/t';
import { tellFailure } from '../state/acts';
import { toast } from '../state/toasts';
import { Button } from './Button';
import { useResource } from './useResource';

interface Props<T> {
  /** Of the resource: read, and written as a whole. */
  path: string;
  title: string;
  text?: string;
  saved: string;
  read: (form: FormData) => unknown;
  children: (rules: T) => ReactNode;
}

/** Rules of the workspace that are changed together: a card with their fields and one button. */
export function RulesCard<T>({ path, title, text, saved, read, children }: Props<T>) {
  const found = useResource<T>(path);
  if (!found.data) return null;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    void api.put(path, read(new FormData(event.currentTarget))).then(() => {
      toast(saved);
      found.reload();
    }, tellFailure);
  };
  return (
    <section className="card">
      <h2>{title}</h2>
      {text && <p className="muted">{text}</p>}
      <form className="form" onSubmit={submit}>
        {children(found.data)}
        <div className="form-acts">
          <Button kind="first" type="submit">
            {t('ui.save')}
          </Button>
        </div>
      </form>
    </section>
  );
}
