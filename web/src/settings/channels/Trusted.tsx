// What a mail channel's dialog asks about whose checks of senders are believed (docs/operations/who-may-speak.md).
import type { ChannelConfig } from '../../api/types';
import { t } from '../../i18n/t';
import { Field, TextField } from '../../ui/Field';
import type { About } from './channel_form';

export function Trusted({ now, about }: { now: ChannelConfig; about: About }) {
  return (
    <fieldset className="group">
      <legend>{t('trusted.title')}</legend>
      <p className="field-hint">{t('trusted.hint')}</p>
      <Field
        label={t('trusted.server')}
        name="authserv_id"
        defaultValue={now.authserv_id}
        autoComplete="off"
        spellCheck={false}
        hint={t('trusted.server_hint')}
        error={about('config.authserv_id')}
      />
      <TextField
        label={t('trusted.sealers')}
        name="arc_sealers"
        rows={2}
        defaultValue={now.arc_sealers?.join('\n')}
        spellCheck={false}
        hint={t('trusted.sealers_hint')}
        error={about('config.arc_sealers')}
      />
    </fieldset>
  );
}
