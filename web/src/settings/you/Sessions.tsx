// Where somebody is signed in, and on which devices they have been: one's own, or for administrators their people's.
import { api } from '../../api/client';
import type { DeviceEntry, DevicePage, SessionEntry, SessionPage } from '../../api/types';
import { dateTime, since } from '../../i18n/format';
import { t } from '../../i18n/t';
import { tellFailure } from '../../state/acts';
import { signOut } from '../../state/sign_out';
import { Button } from '../../ui/Button';
import { useResource } from '../../ui/useResource';

function browserName(agent: string): string {
  const browser = /(Edg|Firefox|Chrome|Safari)\//.exec(agent)?.[1]?.replace('Edg', 'Edge') ?? agent.slice(0, 40);
  const system = /(Windows|Mac OS X|Android|iPhone|Linux)/.exec(agent)?.[1] ?? '';
  return (system ? `${browser} · ${system}` : browser) || t('devices.unnamed');
}

interface Line {
  agent: string;
  line: string;
  mark: string | null;
  act: string;
  onAct: () => void;
}

function Place({ agent, line, mark, act, onAct }: Line) {
  const name = browserName(agent);
  return (
    <li>
      <div className="grow">
        <p>
          <strong>{name}</strong> {mark && <span className="tag small">{mark}</span>}
        </p>
        <p className="muted small">{line}</p>
      </div>
      <Button aria-label={`${act} (${name})`} onClick={onAct}>
        {act}
      </Button>
    </li>
  );
}

function SessionPlace({ one, onEnd }: { one: SessionEntry; onEnd: () => void }) {
  const line = t('sessions.line', {
    address: one.address,
    begun: dateTime(one.created_at),
    seen: since(one.last_seen_at),
  });
  const end = () => void (one.current ? signOut(false) : api.remove(`/sessions/${one.id}`)).then(onEnd, tellFailure);
  return (
    <Place
      agent={one.user_agent}
      line={line}
      mark={one.current ? t('sessions.this') : null}
      act={t(one.current ? 'key.sign_out' : 'sessions.end')}
      onAct={end}
    />
  );
}

/** Before this was kept, nothing is known of a device but when it was used last. */
function lineOf(one: DeviceEntry): string {
  const seen = since(one.last_used_at);
  if (!one.address) return t('devices.line_old', { seen });
  const began = new Date(one.known_since).getTime() > 0 ? dateTime(one.known_since) : '…';
  return t('devices.line', { address: one.address, begun: began, seen });
}

/** `of`: "" for one's own, else "/users/…". */
export function Places({ of }: { of: string }) {
  const sessions = useResource<SessionPage>(`${of}/sessions`);
  const devices = useResource<DevicePage>(`${of}/devices`);
  const reload = () => {
    sessions.reload();
    devices.reload();
  };
  const forget = (id: string) => void api.remove(`/devices/${id}`).then(reload, tellFailure);
  return (
    <>
      {of && sessions.data?.items.length === 0 && <p>{t('sessions.none')}</p>}
      <ul className="things">
        {sessions.data?.items.map((one) => (
          <SessionPlace key={one.id} one={one} onEnd={reload} />
        ))}
      </ul>
      <h2>{t('devices.title')}</h2>
      <p className="muted">{t('devices.text')}</p>
      {devices.data?.items.length === 0 && <p>{t('devices.none')}</p>}
      <ul className="things">
        {devices.data?.items.map((one) => (
          <Place
            key={one.id}
            agent={one.user_agent}
            line={lineOf(one)}
            mark={one.current ? t('devices.this') : null}
            act={t('devices.forget')}
            onAct={() => forget(one.id)}
          />
        ))}
      </ul>
    </>
  );
}

export function Sessions() {
  return (
    <section className="card">
      <p className="muted">{t('sessions.text')}</p>
      <Places of="" />
      <div className="form-acts">
        <Button kind="danger" onClick={() => void signOut(true)}>
          {t('sessions.end_all')}
        </Button>
      </div>
    </section>
  );
}
