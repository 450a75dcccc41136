import { Plus } from 'lucide-react';
import { useState } from 'react';
import { api } from '../../api/client';
import type { Channel } from '../../api/types';
import { duration, number, since } from '../../i18n/format';
import { t } from '../../i18n/t';
import { fromServer } from '../../i18n/server_words';
import { channel_icons } from '../../inbox/ConversationRow';
import { tellFailure } from '../../state/acts';
import { Button } from '../../ui/Button';
import { classes } from '../../ui/classes';
import { ChannelDialog } from './ChannelDialog';
import { Completeness } from './Completeness';
import { connect, providerOf } from './connect';
import { Dkim } from './Dkim';
import { Listing } from '../../ui/Listing';
import { CopyText, SecretDialog } from '../../ui/Secret';

function Test({ channel }: { channel: Channel }) {
  const [said, setSaid] = useState<{ ok: boolean; detail: string } | 'busy' | null>(null);
  const test = () => {
    setSaid('busy');
    api.post<{ ok: boolean; detail: string }>(`/channels/${channel.id}/test`).then(setSaid, (error: unknown) => {
      setSaid(null);
      tellFailure(error);
    });
  };
  return (
    <>
      <Button busy={said === 'busy'} aria-label={t('channels.test_of', { name: channel.name })} onClick={test}>
        {said === 'busy' ? t('channels.testing') : t('channels.test')}
      </Button>
      <span role="status" className="test-said">
        {said && said !== 'busy' && (
          <span className={classes('small', said.ok ? 'ok-text' : 'late-text')}>
            {said.ok ? t('channels.test_ok') : t('channels.test_failed')} {fromServer(said.detail)}
          </span>
        )}
      </span>
    </>
  );
}

/** Seen = stored + quarantined, and how far behind: a channel shows that nothing is missing. */
function Figures({ channel }: { channel: Channel }) {
  const { stats } = channel;
  if (!stats) return null;
  const figures: [string, string, boolean][] = [
    [t('channels.received'), number(stats.received), false],
    [t('channels.quarantined'), number(stats.quarantined), stats.quarantined > 0],
    [t('channels.pending'), number(stats.pending_deliveries), false],
    [t('channels.failed'), number(stats.failed_deliveries), stats.failed_deliveries > 0],
    [t('channels.last'), stats.last_received_at ? since(stats.last_received_at) : t('channels.never'), false],
    [t('channels.lag'), stats.lag_ms === null ? '–' : duration(stats.lag_ms), false],
  ];
  return (
    <dl className="figures-line">
      {figures.map(([name, value, alarming]) => (
        <div key={name} className={classes(alarming && 'alarming')}>
          <dt className="muted small">{name}</dt>
          <dd className="figures">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Connect({ channel }: { channel: Channel }) {
  const provider = providerOf(channel);
  if (!provider) return null;
  const waits = channel.state === 'needs_reauthorisation';
  return (
    <Button
      kind={waits ? 'first' : undefined}
      aria-label={t('channels.connect_of', { name: channel.name, provider })}
      onClick={() => void connect(channel.id)}
    >
      {t('channels.connect', { provider })}
    </Button>
  );
}

function ChannelCard({ channel, onEdit, onChanged }: { channel: Channel; onEdit: () => void; onChanged: () => void }) {
  const Icon = channel_icons[channel.kind];
  const off = channel.state === 'disabled';
  const waits = channel.state === 'needs_reauthorisation';
  const turn = () => {
    const done = off
      ? api.patch(`/channels/${channel.id}`, { state: 'active' })
      : api.remove(`/channels/${channel.id}`);
    done.then(onChanged, tellFailure);
  };
  return (
    <section className="card" aria-label={channel.name}>
      <div className="card-head">
        <Icon size={20} aria-hidden />
        <div className="grow">
          <h2 dir="auto">{channel.name}</h2>
          <p className="muted small" dir="ltr">
            {channel.address}
          </p>
        </div>
        <span className={classes('state-word', channel.state)}>{t(`channels.${channel.state}`)}</span>
      </div>
      {channel.state_detail && (
        <p className={classes('notice', (channel.state === 'failing' || waits) && 'late')}>
          {fromServer(channel.state_detail)}
        </p>
      )}
      <Figures channel={channel} />
      {channel.kind === 'email' && channel.stats && <Completeness channel={channel} />}
      {channel.config?.dkim && <Dkim channel={channel} />}
      {channel.snippet && (
        <div className="snippet">
          <p className="small">{t('channels.snippet')}</p>
          <CopyText text={channel.snippet} label={t('channels.snippet')} />
        </div>
      )}
      <div className="card-acts">
        <Button aria-label={t('channels.edit_of', { name: channel.name })} onClick={onEdit}>
          {t('channels.edit')}
        </Button>
        <Connect channel={channel} />
        <Test channel={channel} />
        <span className="rail-gap" />
        <Button
          kind="quiet"
          aria-label={t(off ? 'channels.enable_of' : 'channels.disable_of', { name: channel.name })}
          onClick={turn}
        >
          {t(off ? 'channels.enable' : 'channels.disable')}
        </Button>
      </div>
    </section>
  );
}

export function Channels() {
  const [editing, setEditing] = useState<Channel | 'email' | 'webchat' | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const [round, setRound] = useState(0);
  const again = () => setRound((old) => old + 1);
  return (
    <>
      <div className="page-acts">
        <Button kind="first" icon={Plus} onClick={() => setEditing('email')}>
          {t('channels.add_mail')}
        </Button>
        <Button icon={Plus} onClick={() => setEditing('webchat')}>
          {t('channels.add_chat')}
        </Button>
      </div>
      <Listing<Channel>
        key={round}
        path="/channels"
        whole
        name="channels"
        empty={t('channels.none')}
        empty_text={t('channels.none_text')}
      >
        {(items) => (
          <>
            {items.map((one) => (
              <ChannelCard key={one.id} channel={one} onEdit={() => setEditing(one)} onChanged={again} />
            ))}
          </>
        )}
      </Listing>
      {editing && (
        <ChannelDialog
          channel={typeof editing === 'string' ? null : editing}
          kind={typeof editing === 'string' ? editing : editing.kind}
          onClose={() => setEditing(null)}
          onSaved={(made) => {
            setEditing(null);
            setSecret(made);
            again();
          }}
        />
      )}
      {secret && (
        <SecretDialog
          title={t('channels.secret')}
          text={t('channels.secret_text')}
          secret={secret}
          onClose={() => setSecret(null)}
        />
      )}
    </>
  );
}
