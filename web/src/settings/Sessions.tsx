import { api } from '../api/client';
import type { SessionEntry } from '../api/types';
import { dateTime, since } from '../i18n/format';
import { t } from '../i18n/t';
import { tellFailure } from '../state/acts';
import { signOut } from '../state/session';
import { Button } from '../ui/Button';
import { useResource } from '../ui/useResource';

function browserName(agent: string): string {
  const browser = /(Edg|Firefox|Chrome|Safari)\//.exec(agent)?.[1]?.replace('Edg', 'Edge') ?? agent.slice(0, 40);
  const system = /(Windows|Mac OS X|Android|iPhone|Linux)/.exec(agent)?.[1] ?? '';
  return system ? `${browser} · ${system}` : browser;
}

export function Sessions() {
  const found = useResource<SessionEntry[] | { items: SessionEntry[] }>('/sessions');
  const all = found.data ? (Array.isArray(found.data) ? found.data : found.data.items) : [];
  const end = (id: string) => void api.remove(`/sessions/${id}`).then(found.reload, tellFailure);
  return (
    <section className="card">
      <p className="muted">{t('sessions.text')}</p>
      <ul className="things">
        {all.map((one) => (
          <li key={one.id}>
            <div className="grow">
              <p>
                <strong>{browserName(one.user_agent)}</strong>{' '}
                {one.current && <span className="tag small">{t('sessions.this')}</span>}
              </p>
              <p className="muted small">
                {t('sessions.line', {
                  address: one.address,
                  begun: dateTime(one.created_at),
                  seen: since(one.last_seen_at),
                })}
              </p>
            </div>
            {!one.current && <Button onClick={() => end(one.id)}>{t('sessions.end')}</Button>}
          </li>
        ))}
      </ul>
      <div className="form-acts">
        <Button onClick={() => void signOut(false).catch(tellFailure)}>{t('key.sign_out')}</Button>
        <Button kind="danger" onClick={() => void signOut(true).catch(tellFailure)}>
          {t('sessions.end_all')}
        </Button>
      </div>
    </section>
  );
}
