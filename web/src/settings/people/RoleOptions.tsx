// The roles that somebody, or a program, can be given.
import type { ComposedRole } from '../../api/types';
import { t } from '../../i18n/t';

const built_in = ['agent', 'supervisor', 'administrator'] as const;

/** The built-in roles and the composed ones, by the value that `chosen` understands. */
export function RoleOptions({ own }: { own: ComposedRole[] }) {
  return (
    <>
      <optgroup label={t('roles.built_in')}>
        {built_in.map((role) => (
          <option key={role} value={role}>
            {t(`role.${role}`)}
          </option>
        ))}
      </optgroup>
      {own.length > 0 && (
        <optgroup label={t('roles.own')}>
          {own.map((role) => (
            <option key={role.id} value={role.id}>
              {role.name}
            </option>
          ))}
        </optgroup>
      )}
    </>
  );
}

export const chosen = (role: string) => (built_in.some((one) => one === role) ? { role } : { role_id: role });
