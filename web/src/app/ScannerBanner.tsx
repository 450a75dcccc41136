import { ShieldAlert } from 'lucide-react';
import { useEffect } from 'react';
import type { MalwareScanner } from '../api/types';
import { dateTime } from '../i18n/format';
import { t } from '../i18n/t';
import { useResource } from '../ui/useResource';

const look_again_ms = 30_000;

/** For everybody, while the malware scanner is down: messages wait for it, in both directions. */
export function ScannerBanner() {
  const { data, reload } = useResource<MalwareScanner>('/malware-scanner');
  useEffect(() => {
    const timer = setInterval(reload, look_again_ms);
    return () => clearInterval(timer);
  }, [reload]);
  if (!data?.down_since) return <div role="status" />;
  return (
    <div className="banner" role="status">
      <ShieldAlert size={16} aria-hidden />
      <span>{t('banner.scanner_down', { since: dateTime(data.down_since) })}</span>
    </div>
  );
}
