import { useState } from 'react';
import type { Language, Theme } from '../../api/types';
import { t } from '../../i18n/t';
import { can_notify, setNotify } from '../../live/notify';
import { PasswordForm } from '../../session/PasswordForm';
import { tellFailure } from '../../state/acts';
import { preferences, setPreferences, type Density } from '../../state/preferences';
import { changeMe, useMe } from '../../state/session';
import { toast } from '../../state/toasts';
import { Button } from '../../ui/Button';
import { Choice, Field, Switch } from '../../ui/Field';
import { ReportExposed } from '../record/ReportExposed';
import { Passkeys } from './Passkeys';
import { SecondFactor } from './SecondFactor';

const themes: Theme[] = ['system', 'light', 'dark', 'contrast'];
const densities: Density[] = ['compact', 'cosy', 'tall'];

function Appearance() {
  const user = useMe();
  const { theme, density, shortcuts, notify } = preferences.use();
  const change = (patch: Parameters<typeof changeMe>[0]) => void changeMe(patch).catch(tellFailure);
  return (
    <section className="card form">
      <h2>{t('profile.appearance')}</h2>
      <Choice
        label={t('profile.language')}
        value={user.language}
        onChange={(event) => change({ language: event.target.value as Language })}
      >
        <option value="en" lang="en">
          English
        </option>
        <option value="fr" lang="fr">
          Français
        </option>
      </Choice>
      <Choice
        label={t('profile.theme')}
        value={theme}
        onChange={(event) => change({ theme: event.target.value as Theme })}
      >
        {themes.map((one) => (
          <option key={one} value={one}>
            {t(`theme.${one}`)}
          </option>
        ))}
      </Choice>
      <Choice
        label={t('profile.density')}
        value={density}
        onChange={(event) => setPreferences({ density: event.target.value as Density })}
      >
        {densities.map((one) => (
          <option key={one} value={one}>
            {t(`density.${one}`)}
          </option>
        ))}
      </Choice>
      <Switch
        label={t('sheet.letters')}
        hint={t('sheet.letters_hint')}
        checked={shortcuts}
        onChange={(event) => change({ shortcuts: event.target.checked })}
      />
      {can_notify && (
        <Switch
          label={t('profile.notify')}
          hint={t('profile.notify_hint')}
          checked={notify}
          onChange={(event) => {
            const on = event.target.checked;
            void setNotify(on).then((is_on) => on && !is_on && toast(t('profile.notify_denied'), { failure: true }));
          }}
        />
      )}
    </section>
  );
}

export function Profile() {
  const user = useMe();
  const [name, setName] = useState(user.name);
  const save = () => void changeMe({ name: name.trim() }).then(() => toast(t('ui.saved')), tellFailure);
  return (
    <>
      <section className="card form">
        <h2>{t('profile.you')}</h2>
        <div className="with-button">
          <Field
            label={t('profile.name')}
            value={name}
            maxLength={200}
            autoComplete="name"
            onChange={(event) => setName(event.target.value)}
          />
          {name.trim() && name !== user.name && <Button onClick={save}>{t('ui.save')}</Button>}
        </div>
        <p className="muted">
          {user.email} · {t(`role.${user.role}`)}
        </p>
      </section>
      <Appearance />
      <PasswordForm className="card form">
        <h2>{t('profile.password')}</h2>
        <p className="muted">{t('profile.password_text')}</p>
      </PasswordForm>
      <Passkeys />
      <SecondFactor />
      <ReportExposed />
    </>
  );
}
