import { Building2 } from 'lucide-react';
import { useEffect, useState, type FormEvent } from 'react';
import { api, ApiError } from '../api/client';
import type { CreatedWorkspace, Workspace } from '../api/types';
import { Link } from '../app/Link';
import { day } from '../i18n/format';
import { t } from '../i18n/t';
import { Listing } from '../ui/Listing';
import { SecretDialog } from '../ui/Secret';
import { Avatar } from '../ui/Avatar';
import { Button } from '../ui/Button';
import { Dialog } from '../ui/Dialog';
import { Field } from '../ui/Field';
import { FormActs } from '../ui/FormActs';
import { Problem } from '../ui/Problem';

function AddWorkspace({ onClose, onAdded }: { onClose: () => void; onAdded: (made: CreatedWorkspace) => void }) {
  const [problem, setProblem] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    try {
      onAdded(await api.post<CreatedWorkspace>('/workspaces', Object.fromEntries(new FormData(event.currentTarget))));
    } catch (error) {
      setProblem(error as ApiError);
      setBusy(false);
    }
  };
  const about = (field: string) => problem?.problem.errors?.find((one) => one.field === field)?.detail;
  return (
    <Dialog title={t('workspaces.add')} onClose={onClose}>
      <form className="form" onSubmit={(event) => void submit(event)}>
        <Problem text={problem && !problem.problem.errors?.length && (problem.message || t('error.offline'))} />
        <Field
          label={t('workspaces.name')}
          name="name"
          required
          maxLength={120}
          autoComplete="off"
          error={about('name')}
          autoFocus
        />
        <Field
          label={t('workspaces.administrator_name')}
          name="administrator_name"
          required
          maxLength={200}
          autoComplete="off"
          error={about('administrator_name')}
        />
        <Field
          label={t('workspaces.administrator_email')}
          name="administrator_email"
          type="email"
          required
          autoComplete="off"
          error={about('administrator_email')}
        />
        <FormActs act={t('workspaces.add_act')} busy={busy} onCancel={onClose} />
      </form>
    </Dialog>
  );
}

/** All workspaces of the installation; what is inside them is not the operator's to see. */
export function Workspaces() {
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<CreatedWorkspace | null>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    document.title = `${t('workspaces.title')} · Answerable`;
  }, []);
  return (
    <main id="main" className="page scrolls" tabIndex={-1}>
      <div className="page-head">
        <h1>{t('workspaces.title')}</h1>
      </div>
      <p className="page-text muted">{t('workspaces.text')}</p>
      <div className="page-acts">
        <Button kind="first" icon={Building2} onClick={() => setAdding(true)}>
          {t('workspaces.add')}
        </Button>
      </div>
      <section className="card">
        <Listing<Workspace> key={round} path="/workspaces" whole empty={t('workspaces.none')}>
          {(items) => (
            <ul className="things">
              {items.map((one) => (
                <li key={one.id}>
                  <Avatar name={one.name} />
                  <div className="grow">
                    <p>
                      <Link to={{ at: 'workspaces', workspace: one.id }}>
                        <strong dir="auto">{one.name}</strong>
                      </Link>
                    </p>
                    <p className="muted small">
                      {t('workspaces.people', { count: one.people })} ·{' '}
                      {t('workspaces.since', { day: day(one.created_at) })}
                    </p>
                  </div>
                </li>
              ))}
            </ul>
          )}
        </Listing>
      </section>
      {adding && (
        <AddWorkspace
          onClose={() => setAdding(false)}
          onAdded={(one) => {
            setAdding(false);
            setMade(one);
            setRound(round + 1);
          }}
        />
      )}
      {made?.temporary_password && (
        <SecretDialog
          title={t('people.password_of', { name: made.administrator_email })}
          text={t('people.password_text')}
          secret={made.temporary_password}
          onClose={() => setMade(null)}
        />
      )}
    </main>
  );
}
