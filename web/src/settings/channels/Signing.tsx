// What a mail channel's dialog asks about the signature of what leaves (DKIM).
import { useState } from 'react';
import type { Channel } from '../../api/types';
import { t } from '../../i18n/t';
import { Choice, Field, TextField } from '../../ui/Field';
import type { About } from './channel_form';

export function Signing({ channel, about }: { channel: Channel | null; about: About }) {
  const now = channel?.config?.dkim;
  const [algorithm, setAlgorithm] = useState<string>(now?.algorithm ?? '');
  return (
    <fieldset className="group">
      <legend>{t('dkim.title')}</legend>
      <p className="field-hint">{t('dkim.hint')}</p>
      <Choice
        label={t('dkim.sign')}
        name="dkim.algorithm"
        value={algorithm}
        onChange={(event) => setAlgorithm(event.target.value)}
      >
        <option value="">{t('dkim.none')}</option>
        <option value="rsa">RSA</option>
        <option value="ed25519">Ed25519</option>
      </Choice>
      <Field
        label={t('dkim.selector')}
        name="dkim.selector"
        defaultValue={now?.selector ?? 'answerable'}
        disabled={!algorithm}
        autoComplete="off"
        spellCheck={false}
        hint={t('dkim.selector_hint')}
        error={about('config.dkim.selector')}
      />
      <TextField
        label={t('dkim.key')}
        name="dkim.key"
        rows={2}
        disabled={!algorithm}
        autoComplete="off"
        spellCheck={false}
        hint={t('dkim.key_hint')}
        error={about('config.dkim.key')}
      />
    </fieldset>
  );
}
