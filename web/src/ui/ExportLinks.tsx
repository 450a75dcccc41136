// Takes away what is shown, as a file that says who took it and when. For those who may; the server decides.
import { t } from '../i18n/t';
import { mayActAs, useMe } from '../state/session';

/** `path` of the API, with its query. */
export function ExportLinks({ path }: { path: string }) {
  const me = useMe();
  if (!mayActAs(me, 'supervisor') || me.role === 'operator') return null;
  const href = (format: string) => `/api/v1${path}${path.includes('?') ? '&' : '?'}format=${format}`;
  return (
    <p className="small">
      {t('export.as')}{' '}
      <a href={href('csv')} download title={t('export.hint')}>
        CSV
      </a>{' '}
      <a href={href('json')} download title={t('export.hint')}>
        JSON
      </a>
    </p>
  );
}
