// One colleague among the people of the workspace, and what an administrator can do about this person.
import { Ellipsis } from 'lucide-react';
import { useState } from 'react';
import { api } from '../../api/client';
import type { ComposedRole, User } from '../../api/types';
import { since } from '../../i18n/format';
import { t } from '../../i18n/t';
import { tellFailure } from '../../state/acts';
import { loadPeople } from '../../state/people';
import { useMay, useMe } from '../../state/session';
import { toast } from '../../state/toasts';
import { Avatar } from '../../ui/Avatar';
import { IconButton } from '../../ui/Button';
import { Menu, MenuItem, MenuLine } from '../../ui/Menu';
import { Sure } from '../../ui/Sure';
import { chosen, RoleOptions } from './RoleOptions';
import { SignedIn } from './SignedIn';
import { WhatMay } from './WhatMay';

export interface Given {
  name: string;
  password: string | null; // null: invited by mail
}

interface Props {
  user: User;
  own: ComposedRole[];
  onChanged: () => void;
  onGiven: (given: Given) => void;
}

type Open = 'may' | 'sessions' | 'reset' | 'exposed' | null;

function acts({ user, onChanged, onGiven }: Props) {
  const { name } = user;
  const at = `/users/${user.id}`;
  const told = (done: Promise<unknown>, words: string) =>
    void done.then(() => {
      toast(words);
      onChanged();
    }, tellFailure);
  return {
    change: (patch: { role?: string; role_id?: string; state?: User['state'] }) =>
      void api.patch(at, patch).then(() => {
        onChanged();
        void loadPeople();
      }, tellFailure),
    reset: () =>
      void api
        .post<{ temporary_password: string }>(`${at}/reset-password`)
        .then((made) => onGiven({ name, password: made.temporary_password }), tellFailure),
    invite: () => told(api.post(`${at}/invitation`), t('people.invite_sent')),
    removeFactor: () => told(api.remove(`${at}/second-factor`), t('second.removed')),
    report: () => told(api.post(`${at}/exposed`), t('exposed.done_for', { name })),
  };
}

function PersonMenu({ user, act, onOpen }: { user: User; act: ReturnType<typeof acts>; onOpen: (what: Open) => void }) {
  const is_me = user.id === useMe().id;
  const may_see = useMay()('role:list');
  const is_active = user.state === 'active';
  if (is_me && !may_see) return null;
  return (
    <Menu
      align="end"
      trigger={<IconButton icon={Ellipsis} label={t('people.more_of', { name: user.name })} tip={false} />}
    >
      {may_see && <MenuItem onSelect={() => onOpen('may')}>{t('roles.what_may_short')}</MenuItem>}
      {!is_me && (
        <>
          {!user.invited && <MenuItem onSelect={() => onOpen('sessions')}>{t('sessions.of_short')}</MenuItem>}
          <MenuLine />
          {user.invited && is_active && <MenuItem onSelect={act.invite}>{t('people.invite')}</MenuItem>}
          <MenuItem onSelect={() => onOpen('reset')}>{t('people.reset')}</MenuItem>
          {user.second_factor && <MenuItem onSelect={act.removeFactor}>{t('second.take_off')}</MenuItem>}
          {!user.invited && is_active && (
            <MenuItem onSelect={() => onOpen('exposed')}>{t('exposed.report_short')}</MenuItem>
          )}
          <MenuLine />
          <MenuItem onSelect={() => act.change({ state: is_active ? 'disabled' : 'active' })}>
            {t(is_active ? 'people.disable' : 'people.enable')}
          </MenuItem>
        </>
      )}
    </Menu>
  );
}

export function Person(props: Props) {
  const { user, own } = props;
  const act = acts(props);
  const is_me = user.id === useMe().id;
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const afterwards = (run: () => void) => () => {
    close();
    run();
  };
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
          onChange={(event) => act.change(chosen(event.target.value))}
        >
          <RoleOptions own={own} />
        </select>
        <PersonMenu user={user} act={act} onOpen={setOpen} />
      </div>
      {open === 'may' && <WhatMay user={user} onClose={close} />}
      {open === 'sessions' && <SignedIn user={user} onClose={close} />}
      {open === 'reset' && (
        <Sure
          title={t('people.reset_of', { name: user.name })}
          text={t('people.reset_sure')}
          act={t('people.reset')}
          onYes={afterwards(act.reset)}
          onClose={close}
        />
      )}
      {open === 'exposed' && (
        <Sure
          title={t('exposed.report_of', { name: user.name })}
          text={t('exposed.sure_for', { name: user.name })}
          act={t('exposed.act')}
          onYes={afterwards(act.report)}
          onClose={close}
        />
      )}
    </li>
  );
}
