import { useEffect, useState } from 'react';
import { t } from '../i18n/t';

const patience_ms = 150;
const bars = [1, 2, 3, 4, 5, 6, 7, 8];

/** Grey bars, but only when it takes long enough to be noticed: a flash is worse than nothing. */
export function LoadingRows() {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), patience_ms);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="loading" aria-busy="true" role="status" aria-label={t('ui.loading')}>
      {shown &&
        bars.map((bar) => (
          <div key={bar} className="loading-row">
            <i />
            <i />
            <i />
          </div>
        ))}
    </div>
  );
}
