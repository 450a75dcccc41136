import { ArrowLeft } from 'lucide-react';
import { useEffect } from 'react';
import { Link } from '../app/Link';
import { go, route, type Section } from '../app/route';
import { t } from '../i18n/t';
import { ContentRules } from '../content/ContentRules';
import { Reviews } from '../content/Reviews';
import { AcceptableUse } from '../policy/AcceptableUse';
import { useMay } from '../state/session';
import { IconButton } from '../ui/Button';
import { classes } from '../ui/classes';
import { Empty } from '../ui/Empty';
import { ApiKeys } from './programs/ApiKeys';
import { Channels } from './channels/Channels';
import { Deliveries } from './record/Deliveries';
import { Incidents } from './record/Incidents';
import { Ledger } from './record/Ledger';
import { People } from './people/People';
import { Profile } from './you/Profile';
import { Quarantine } from './record/Quarantine';
import { ReadLog } from './record/ReadLog';
import { Roles } from './people/Roles';
import { Sessions } from './you/Sessions';

// Each section with the permission without which it shows nothing; the first two are everybody's.
const menu: { group: 'you' | 'content' | 'workspace' | 'accounts'; sections: [Section, string | null][] }[] = [
  {
    group: 'you',
    sections: [
      ['profile', null],
      ['sessions', null],
    ],
  },
  { group: 'content', sections: [['reviews', 'review:list']] },
  {
    group: 'workspace',
    sections: [
      ['channels', 'channel:update'],
      ['people', 'user:update'],
      ['roles', 'role:list'],
      ['api-keys', 'api_key:list'],
      ['content-rules', 'content_rule:list'],
    ],
  },
  {
    group: 'accounts',
    sections: [
      ['incidents', 'incident:read'],
      ['read-log', 'read_log:read'],
      ['deliveries', 'delivery:list'],
      ['quarantine', 'quarantine:list'],
      ['ledger', 'ledger:read'],
      ['policy', 'policy:agreement'],
    ],
  },
];

function Body({ section }: { section: Section }) {
  switch (section) {
    case 'profile':
      return <Profile />;
    case 'sessions':
      return <Sessions />;
    case 'channels':
      return <Channels />;
    case 'people':
      return <People />;
    case 'roles':
      return <Roles />;
    case 'api-keys':
      return <ApiKeys />;
    case 'incidents':
      return <Incidents />;
    case 'read-log':
      return <ReadLog />;
    case 'deliveries':
      return <Deliveries />;
    case 'quarantine':
      return <Quarantine />;
    case 'content-rules':
      return <ContentRules />;
    case 'reviews':
      return <Reviews />;
    case 'ledger':
      return <Ledger />;
    case 'policy':
      return <AcceptableUse />;
  }
}

export default function Settings() {
  const now = route.use();
  const may = useMay();
  const chosen = now.at === 'settings' ? now.section : null;
  const section = chosen ?? 'profile';
  useEffect(() => {
    document.title = `${t(`settings.${section}`)} · Answerable`;
  }, [section]);
  const shown = menu
    .map(({ group, sections }) => ({
      group,
      sections: sections.filter(([, needed]) => needed === null || may(needed)).map(([one]) => one),
    }))
    .filter(({ sections }) => sections.length > 0);
  const allowed = shown.some((group) => group.sections.includes(section));
  return (
    <main id="main" className={classes('inbox', 'settings', chosen && 'has-open')} tabIndex={-1}>
      <nav className="list-pane settings-menu" aria-label={t('rail.settings')}>
        <header className="list-head">
          <h1 className="view-name">{t('rail.settings')}</h1>
        </header>
        {shown.map((group) => (
          <section key={group.group}>
            <h2 className="muted small">{t(`settings.${group.group}`)}</h2>
            <ul>
              {group.sections.map((one) => (
                <li key={one}>
                  <Link to={{ at: 'settings', section: one }} aria-current={one === section ? 'page' : undefined}>
                    {t(`settings.${one}`)}
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </nav>
      <section id="thread" className="thread-pane" tabIndex={-1} aria-label={t(`settings.${section}`)}>
        <div className="page scrolls">
          <div className="page-head">
            <IconButton
              className="thread-back"
              icon={ArrowLeft}
              label={t('thread.back')}
              onClick={() => go({ at: 'settings', section: null })}
            />
            <h1>{t(`settings.${section}`)}</h1>
          </div>
          {allowed ? (
            <Body section={section} />
          ) : (
            <Empty title={t('settings.denied')} text={t('settings.denied_text')} />
          )}
        </div>
      </section>
    </main>
  );
}
