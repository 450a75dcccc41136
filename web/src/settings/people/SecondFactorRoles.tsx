import { api } from '../../api/client';
import type { Role, SecondFactorRoles as Demanded } from '../../api/types';
import { t } from '../../i18n/t';
import { tellFailure } from '../../state/acts';
import { Switch } from '../../ui/Field';
import { useResource } from '../../ui/useResource';

const roles = ['agent', 'supervisor', 'administrator'] as const satisfies Role[];

/** Who must have a second factor. */
export function SecondFactorRoles() {
  const found = useResource<Demanded>('/second-factor-roles');
  const demanded = found.data?.roles;
  if (!demanded) return null;
  const set = (role: (typeof roles)[number], on: boolean) => {
    const next = on ? [...demanded, role] : demanded.filter((one) => one !== role);
    void api.put('/second-factor-roles', { roles: next }).then(found.reload, (error: unknown) => {
      tellFailure(error);
      found.reload();
    });
  };
  return (
    <section className="card form">
      <h2>{t('second.roles')}</h2>
      <p className="muted">{t('second.roles_text')}</p>
      {roles.map((role) => (
        <Switch
          key={role}
          label={t(`role.${role}`)}
          checked={demanded.includes(role)}
          onChange={(event) => set(role, event.target.checked)}
        />
      ))}
    </section>
  );
}
