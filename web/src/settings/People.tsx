import { UserRoundPlus } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { api, ApiError } from '../api/client';
import type { ComposedRole, RolePage, User } from '../api/types';
import { since } from '../i18n/format';
import { t } from '../i18n/t';
import { tellFailure } from '../state/acts';
import { loadPeople } from '../state/people';
import { useMay, useMe } from '../state/session';
import { toast } from '../state/toasts';
import { Avatar } from '../ui/Avatar';
import { Button } from '../ui/Button';
import { Dialog } from '../ui/Dialog';
import { Choice, Field } from '../ui/Field';
import { FormActs } from '../ui/FormActs';
import { Problem } from '../ui/Problem';
import { useResource } from '../ui/useResource';
import { Directory } from './Directory';
import { Listing } from './Listing';
import { AskExposed } from './ReportExposed';
import { chosen, RoleOptions } from './RoleOptions';
import { SecondFactorRoles } from './SecondFactorRoles';
import { SecretDialog } from './Secret';
import { SignedIn } from './SignedIn';
import { SingleSignOn } from './SingleSignOn';
import { WhatMay } from './WhatMay';

interface Given {
  name: string;
  password: string | null; // null: invited by mail
}

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

interface PersonProps {
  user: User;
  own: ComposedRole[];
  onChanged: () => void;
  onGiven: (given: Given) => void;
}

function Person({ user, own, onChanged, onGiven }: PersonProps) {
  const me = useMe();
  const may_see = useMay()('role:list');
  const [asks, setAsks] = useState(false);
  const change = (patch: { role?: string; role_id?: string; state?: User['state'] }) => {
    api.patch(`/users/${user.id}`, patch).then(() => {
      onChanged();
      void loadPeople();
    }, tellFailure);
  };
  const reset = () => {
    api
      .post<{ temporary_password: string }>(`/users/${user.id}/reset-password`)
      .then((made) => onGiven({ name: user.name, password: made.temporary_password }), tellFailure);
  };
  const invite = () =>
    void api.post(`/users/${user.id}/invitation`).then(() => toast(t('people.invite_sent')), tellFailure);
  const takeOff = () =>
    void api.remove(`/users/${user.id}/second-factor`).then(() => {
      toast(t('second.removed'));
      onChanged();
    }, tellFailure);
  const [exposed, setExposed] = useState(false);
  const report = () =>
    void api
      .post(`/users/${user.id}/exposed`)
      .then(() => {
        toast(t('exposed.done_for', { name: user.name }));
        onChanged();
      }, tellFailure)
      .finally(() => setExposed(false));
  const is_me = user.id === me.id;
  return (
    <li>
      <Avatar name={user.name} />
      <div className="grow">
        <p>
          <strong dir="auto">{user.name}</strong>{' '}
          {user.state === 'disabled' && <span className="tag small">{t('people.disabled')}</span>}
          {user.invited && <span className="tag small">{t('people.invited')}</span>}
        </p>
        <p className="muted small">
          {user.email} · {user.last_seen_at ? t('people.seen', { when: since(user.last_seen_at) }) : t('people.never')}
        </p>
      </div>
      <div className="thing-acts">
        <select
          className="input narrow"
          aria-label={t('people.role_of', { name: user.name })}
          value={user.role_id ?? user.role}
          disabled={is_me}
          onChange={(event) => change(chosen(event.target.value))}
        >
          <RoleOptions own={own} />
        </select>
        {may_see && (
          <Button aria-label={`${t('roles.what_may_short')} ${user.name}`} onClick={() => setAsks(true)}>
            {t('roles.what_may_short')}
          </Button>
        )}
        {asks && <WhatMay user={user} onClose={() => setAsks(false)} />}
        {!is_me && !user.invited && user.state === 'active' && (
          <Button aria-label={t('exposed.report_of', { name: user.name })} onClick={() => setExposed(true)}>
            {t('exposed.report_short')}
          </Button>
        )}
        {exposed && (
          <AskExposed
            title={t('exposed.report_of', { name: user.name })}
            text={t('exposed.sure_for', { name: user.name })}
            onYes={report}
            onClose={() => setExposed(false)}
          />
        )}
        {!is_me && !user.invited && <SignedIn user={user} />}
        {!is_me && user.second_factor && (
          <Button aria-label={t('second.take_off_of', { name: user.name })} onClick={takeOff}>
            {t('second.take_off')}
          </Button>
        )}
        {user.invited && user.state === 'active' && (
          <Button aria-label={t('people.invite_of', { name: user.name })} onClick={invite}>
            {t('people.invite')}
          </Button>
        )}
        {!is_me && (
          <Button aria-label={t('people.reset_of', { name: user.name })} onClick={reset}>
            {t('people.reset')}
          </Button>
        )}
        {!is_me && (
          <Button
            aria-label={t(user.state === 'active' ? 'people.disable_of' : 'people.enable_of', { name: user.name })}
            onClick={() => change({ state: user.state === 'active' ? 'disabled' : 'active' })}
          >
            {t(user.state === 'active' ? 'people.disable' : 'people.enable')}
          </Button>
        )}
      </div>
    </li>
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
