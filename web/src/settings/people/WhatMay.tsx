import type { Reach, User } from '../../api/types';
import { t, tOr } from '../../i18n/t';
import { Dialog } from '../../ui/Dialog';
import { useResource } from '../../ui/useResource';
import { byGroup } from './permissions';

/** What may this person do? In plain words, from the server's own table. */
export function WhatMay({ user, onClose }: { user: User; onClose: () => void }) {
  const found = useResource<Reach>(`/users/${user.id}/permissions`);
  const reach = found.data;
  const groups = byGroup((reach?.permissions ?? []).map((name) => ({ name, resource: name.split(':')[0]! })));
  return (
    <Dialog title={t('roles.what_may', { name: user.name })} onClose={onClose} wide>
      {reach && (
        <div className="form">
          {reach.only_assigned && <p className="notice">{t('roles.only_assigned')}</p>}
          {reach.hides_personal && <p className="notice">{t('roles.hides_personal')}</p>}
          {groups.map(([group, permissions]) => (
            <section key={group}>
              <h3>{t(`roles.group.${group}`)}</h3>
              <ul className="permissions">
                {permissions.map(({ name }) => (
                  <li key={name}>{tOr(`may.${name}`, name)}</li>
                ))}
              </ul>
            </section>
          ))}
          {groups.length === 0 && <p>{t('roles.may_nothing')}</p>}
          <p className="muted small">{t('roles.always')}</p>
        </div>
      )}
    </Dialog>
  );
}
