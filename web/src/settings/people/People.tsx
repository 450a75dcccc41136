import { UserRoundPlus } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { api, ApiError } from '../../api/client';
import type { ComposedRole, RolePage, User } from '../../api/types';
import { t } from '../../i18n/t';
import { loadPeople } from '../../state/people';
import { toast } from '../../state/toasts';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Choice, Field } from '../../ui/Field';
import { FormActs } from '../../ui/FormActs';
import { Problem } from '../../ui/Problem';
import { useResource } from '../../ui/useResource';
import { Directory } from './Directory';
import { Listing } from '../../ui/Listing';
import { Person, type Given } from './Person';
import { chosen, RoleOptions } from './RoleOptions';
import { SecondFactorRoles } from './SecondFactorRoles';
import { SecretDialog } from '../../ui/Secret';
import { SingleSignOn } from './SingleSignOn';

function AddPerson(props: { own: ComposedRole[]; onClose: () => void; onAdded: (given: Given) => void }) {
  const { own, onClose, onAdded } = props;
  const [problem, setProblem] = useState<ApiError | null>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { how, role, ...form } = Object.fromEntries(new FormData(event.currentTarget)) as Record<string, string>;
    try {
      const wanted = { ...form, ...chosen(role!), invite: how === 'mail' };
      const made = await api.post<{ user: User; temporary_password: string | null }>('/users', wanted);
      onAdded({ name: made.user.name, password: made.temporary_password });
    } catch (error) {
      setProblem(error as ApiError);
    }
  };
  const about = (field: string) => problem?.problem.errors?.find((one) => one.field === field)?.detail;
  return (
    <Dialog title={t('people.add')} onClose={onClose}>
      <form className="form" onSubmit={(event) => void submit(event)}>
        <Problem text={problem && !problem.problem.errors?.length && (problem.message || t('error.offline'))} />
        <Field
          label={t('people.name')}
          name="name"
          required
          maxLength={200}
          autoComplete="off"
          error={about('name')}
          autoFocus
        />
        <Field label={t('people.email')} name="email" type="email" required autoComplete="off" error={about('email')} />
        <Choice label={t('people.role')} name="role" hint={t('people.role_hint')}>
          <RoleOptions own={own} />
        </Choice>
        <Choice label={t('people.how')} name="how">
          <option value="mail">{t('people.how_mail')}</option>
          <option value="password">{t('people.how_password')}</option>
        </Choice>
        <FormActs act={t('people.add_act')} onCancel={onClose} />
      </form>
    </Dialog>
  );
}

export function People() {
  const [adding, setAdding] = useState(false);
  const [given, setGiven] = useState<Given | null>(null);
  const [round, setRound] = useState(0);
  const own = useResource<RolePage>('/roles', 'roles').data?.items ?? [];
  return (
    <>
      <div className="page-acts">
        <Button kind="first" icon={UserRoundPlus} onClick={() => setAdding(true)}>
          {t('people.add')}
        </Button>
      </div>
      <section className="card">
        <Listing<User> key={round} path="/users" name="users" empty={t('people.none')}>
          {(items, reload) => (
            <ul className="things">
              {items.map((user) => (
                <Person key={user.id} user={user} own={own} onChanged={reload} onGiven={setGiven} />
              ))}
            </ul>
          )}
        </Listing>
      </section>
      <SecondFactorRoles />
      <SingleSignOn />
      <Directory />
      {adding && (
        <AddPerson
          own={own}
          onClose={() => setAdding(false)}
          onAdded={(made) => {
            setAdding(false);
            if (made.password) setGiven(made);
            else toast(t('people.invite_sent'));
            setRound(round + 1);
            void loadPeople();
          }}
        />
      )}
      {given?.password && (
        <SecretDialog
          title={t('people.password_of', { name: given.name })}
          text={t('people.password_text')}
          secret={given.password}
          onClose={() => setGiven(null)}
        />
      )}
    </>
  );
}
