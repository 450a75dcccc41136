// The first-run guide: what is left to do before the first message can be answered. It can be left and come back to.
import { Check, ChevronRight } from 'lucide-react';
import { useEffect } from 'react';
import type { Setup } from '../api/types';
import { Link } from '../app/Link';
import type { Route } from '../app/route';
import { t, tOr } from '../i18n/t';
import { useMe } from '../state/session';
import { classes } from '../ui/classes';
import { Empty } from '../ui/Empty';
import { Mark } from '../ui/Mark';
import { useResource } from '../ui/useResource';
import { Button } from '../ui/Button';

const places: Record<string, Route> = {
  channel_email: { at: 'settings', section: 'channels' },
  channel_webchat: { at: 'settings', section: 'channels' },
  colleagues: { at: 'settings', section: 'people' },
};
const inbox: Route = { at: 'inbox', filter: { view: 'unassigned' }, conversation: null };

export default function Welcome() {
  const user = useMe();
  const { data, error, reload } = useResource<Setup>('/setup', 'channels');
  useEffect(() => {
    document.title = `${t('welcome.title')} · Answerable`;
  }, []);
  if (error)
    return (
      <main id="main" className="page-middle">
        <Empty title={t('settings.failed')} role="alert">
          <Button onClick={reload}>{t('ui.try_again')}</Button>
        </Empty>
      </main>
    );
  const steps = data?.steps ?? [];
  const done = steps.filter((step) => step.done).length;
  return (
    <main id="main" className="page scrolls welcome" tabIndex={-1}>
      <Mark size={44} />
      <h1>{t('welcome.hello', { name: user.name })}</h1>
      <p className="muted">{t('welcome.text')}</p>
      {steps.length > 0 && (
        <p className="small figures" role="status">
          {t('welcome.done', { done, count: steps.length })}
        </p>
      )}
      <ol className="steps">
        {steps.map((step) => (
          <li key={step.key} className={classes(step.done && 'done')}>
            <Link to={places[step.key] ?? inbox}>
              <span className="step-mark">{step.done && <Check size={16} aria-hidden />}</span>
              <span className="grow">
                <strong>{tOr(`welcome.${step.key}`, step.key)}</strong>
                <span className="muted small">
                  {step.done ? t('welcome.is_done') : tOr(`welcome.${step.key}_text`, '')}
                </span>
              </span>
              <ChevronRight size={18} aria-hidden />
            </Link>
          </li>
        ))}
      </ol>
      <p>
        <Link className="button first" to={inbox}>
          {t('app.to_inbox')}
        </Link>
      </p>
    </main>
  );
}
