// The token by which a company's directory makes and disables people here (SCIM).
import { useState } from 'react';
import { api } from '../../api/client';
import type { ScimToken } from '../../api/types';
import { since } from '../../i18n/format';
import { t } from '../../i18n/t';
import { tellFailure } from '../../state/acts';
import { Button } from '../../ui/Button';
import { useResource } from '../../ui/useResource';
import { CopyText, SecretDialog } from '../../ui/Secret';

export function Directory() {
  const found = useResource<ScimToken>('/scim-token');
  const [secret, setSecret] = useState('');
  if (!found.data) return null;
  const { exists, last_used_at, base_url } = found.data;
  const make = () =>
    void api.post<ScimToken>('/scim-token').then((made) => {
      setSecret(made.secret ?? '');
      found.reload();
    }, tellFailure);
  const end = () => void api.remove('/scim-token').then(found.reload, tellFailure);
  return (
    <section className="card form" aria-labelledby="scim-title">
      <h2 id="scim-title">{t('scim.title')}</h2>
      <p className="muted">{t('scim.text')}</p>
      <CopyText text={base_url} label={t('scim.address')} />
      <p>
        {!exists && t('scim.none')}
        {exists && (last_used_at ? t('scim.used', { when: since(last_used_at) }) : t('scim.unused'))}
      </p>
      <div className="form-acts">
        <Button onClick={make}>{t(exists ? 'scim.renew' : 'scim.make')}</Button>
        {exists && (
          <Button kind="danger" onClick={end}>
            {t('scim.end')}
          </Button>
        )}
      </div>
      {secret && (
        <SecretDialog
          title={t('scim.token')}
          text={t('scim.token_text')}
          secret={secret}
          onClose={() => setSecret('')}
        />
      )}
    </section>
  );
}
