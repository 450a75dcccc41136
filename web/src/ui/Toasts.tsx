import { X } from 'lucide-react';
import { t } from '../i18n/t';
import { spoken } from '../live/announce';
import { dismiss, toasts } from '../state/toasts';
import { Button, IconButton } from './Button';
import { classes } from './classes';

export function Toasts() {
  const all = toasts.use();
  const said = spoken.use();
  return (
    <>
      <div className="said" role="log" aria-label={t('live.log')}>
        {said}
      </div>
      <section className="toasts" aria-label={t('ui.notices')}>
        {all.map((one) => (
          <div
            key={one.id}
            className={classes('toast', one.failure && 'failure')}
            role={one.failure ? 'alert' : 'status'}
          >
            <span>{one.text}</span>
            {one.action && (
              <Button kind="quiet" onClick={one.action.run}>
                {one.action.label}
              </Button>
            )}
            <IconButton icon={X} size={16} label={t('ui.dismiss')} tip={false} onClick={() => dismiss(one.id)} />
          </div>
        ))}
      </section>
    </>
  );
}
