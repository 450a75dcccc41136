// Roles that the workspace composes out of single permissions, and what a role gives, in plain words.
import { ShieldPlus } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { api, ApiError } from '../../api/client';
import type { ComposedRole, RolePage } from '../../api/types';
import { t, tOr } from '../../i18n/t';
import { tellFailure } from '../../state/acts';
import { changed } from '../../state/keyed';
import { useMay } from '../../state/session';
import { toast } from '../../state/toasts';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Empty } from '../../ui/Empty';
import { Choice, Field, Switch } from '../../ui/Field';
import { FormActs } from '../../ui/FormActs';
import { Problem } from '../../ui/Problem';
import { useResource } from '../../ui/useResource';
import { byGroup, given, type Permission } from './permissions';

const built_in = ['agent', 'supervisor', 'administrator'] as const;

interface EditorProps {
  all: Permission[];
  role: ComposedRole | null; // null: a new one
  onDone: () => void;
  onClose: () => void;
}

function Editor({ all, role, onDone, onClose }: EditorProps) {
  const may = useMay();
  const [chosen, setChosen] = useState(new Set(role?.permissions ?? []));
  const [problem, setProblem] = useState<string | null>(null);
  const choose = (name: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(name);
    else next.delete(name);
    setChosen(next);
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const wish = {
      name: form.get('name'),
      permissions: [...chosen],
      only_assigned: form.has('only_assigned'),
      hides_personal: form.has('hides_personal'),
    };
    const sent = role ? api.put(`/roles/${role.id}`, wish) : api.post('/roles', wish);
    sent.then(onDone, (error: ApiError) => setProblem(error.message || t('error.offline')));
  };
  return (
    <Dialog title={role ? t('roles.edit', { name: role.name }) : t('roles.add')} onClose={onClose} wide>
      <form className="form" onSubmit={submit}>
        <Problem text={problem} />
        <Field
          label={t('roles.name')}
          name="name"
          required
          maxLength={80}
          defaultValue={role?.name}
          autoComplete="off"
        />
        <Choice
          label={t('roles.begin_with')}
          hint={t('roles.begin_hint')}
          defaultValue=""
          onChange={(event) => setChosen(new Set(given(all, event.target.value).filter(may)))}
        >
          <option value="">{t('roles.nothing')}</option>
          {built_in.map((one) => (
            <option key={one} value={one}>
              {t(`role.${one}`)}
            </option>
          ))}
        </Choice>
        <Switch
          label={t('roles.only_assigned')}
          hint={t('roles.only_assigned_hint')}
          name="only_assigned"
          defaultChecked={role?.only_assigned}
        />
        <Switch
          label={t('roles.hides_personal')}
          hint={t('roles.hides_personal_hint')}
          name="hides_personal"
          defaultChecked={role?.hides_personal}
        />
        {byGroup(all).map(([group, permissions]) => (
          <fieldset key={group} className="permissions">
            <legend>{t(`roles.group.${group}`)}</legend>
            {permissions.map(({ name }) => (
              <label key={name}>
                <input
                  type="checkbox"
                  checked={chosen.has(name)}
                  disabled={!may(name)}
                  onChange={(event) => choose(name, event.target.checked)}
                />
                {tOr(`may.${name}`, name)}
              </label>
            ))}
          </fieldset>
        ))}
        <FormActs act={t('roles.save')} onCancel={onClose} />
      </form>
    </Dialog>
  );
}

function facts(role: ComposedRole): string {
  return [
    t('roles.may', { count: role.permissions.length }),
    t('roles.people', { count: role.people }),
    role.only_assigned && t('roles.only_assigned'),
    role.hides_personal && t('roles.hides_personal'),
  ]
    .filter(Boolean)
    .join(' · ');
}

export function Roles() {
  const found = useResource<RolePage>('/roles', 'roles');
  const [edited, setEdited] = useState<ComposedRole | 'new' | null>(null);
  const may = useMay()('role:compose');
  const page = found.data;
  if (!page) return null;
  const remove = (role: ComposedRole) =>
    void api.remove(`/roles/${role.id}`).then(() => {
      toast(t('roles.deleted'));
      found.reload();
    }, tellFailure);
  return (
    <>
      <p className="muted page-text">{t('roles.text')}</p>
      {may && (
        <div className="page-acts">
          <Button kind="first" icon={ShieldPlus} onClick={() => setEdited('new')}>
            {t('roles.add')}
          </Button>
        </div>
      )}
      {page.items.length === 0 && <Empty title={t('roles.none')} text={t('roles.none_text')} />}
      {page.items.length > 0 && (
        <section className="card">
          <ul className="things">
            {page.items.map((role) => (
              <li key={role.id}>
                <div className="grow">
                  <p>
                    <strong dir="auto">{role.name}</strong>
                  </p>
                  <p className="muted small">{facts(role)}</p>
                </div>
                {may && (
                  <div className="thing-acts">
                    <Button aria-label={t('roles.edit', { name: role.name })} onClick={() => setEdited(role)}>
                      {t('roles.edit_short')}
                    </Button>
                    <Button aria-label={t('roles.delete', { name: role.name })} onClick={() => remove(role)}>
                      {t('roles.delete_short')}
                    </Button>
                  </div>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      {edited && (
        <Editor
          all={page.permissions}
          role={edited === 'new' ? null : edited}
          onClose={() => setEdited(null)}
          onDone={() => {
            setEdited(null);
            toast(t('roles.saved'));
            changed('resource:roles');
          }}
        />
      )}
    </>
  );
}
