// The page that a provider sends the browser back to: hands over what it brought, then shows the channels.
import { useEffect, useState } from 'react';
import { api, ApiError } from '../../api/client';
import { go, type Route } from '../../app/route';
import { t } from '../../i18n/t';
import { toast } from '../../state/toasts';
import { Button } from '../../ui/Button';
import { Empty } from '../../ui/Empty';

const channels: Route = { at: 'settings', section: 'channels' };
let handed_over = ''; // it is good once, and an effect may run twice

interface Props {
  state: string;
  code: string;
  issuer: string;
  refusal: string;
}

export default function Connected({ state, code, issuer, refusal }: Props) {
  const [failure, setFailure] = useState(refusal && t('connected.refused', { reason: refusal }));
  useEffect(() => {
    document.title = `${t('connected.title')} · Answerable`;
    if (refusal || handed_over === state) return;
    handed_over = state;
    api.post<{ name: string }>('/oauth/callback', { state, code, ...(issuer ? { iss: issuer } : {}) }).then(
      ({ name }) => {
        toast(t('connected.done', { name }));
        go(channels, 'replace');
      },
      (error: ApiError) => setFailure(error.code === 'offline' ? t('error.offline') : error.message),
    );
  }, [state, code, issuer, refusal]);
  return (
    <main id="main" className="page-middle" tabIndex={-1} aria-busy={!failure}>
      {failure ? (
        <Empty title={t('connected.failed')} text={failure} role="alert" heading>
          <Button kind="first" onClick={() => go(channels, 'replace')}>
            {t('connected.back')}
          </Button>
        </Empty>
      ) : (
        <Empty title={t('connected.title')} role="status" heading />
      )}
    </main>
  );
}
