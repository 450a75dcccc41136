// "My code may be known to someone else": one click and one answer, no blame.
import { useState } from 'react';
import { api } from '../../api/client';
import { t } from '../../i18n/t';
import { tellFailure } from '../../state/acts';
import { Button } from '../../ui/Button';
import { Sure } from '../../ui/Sure';

export function ReportExposed() {
  const [asking, setAsking] = useState(false);
  const report = () => void api.post('/me/exposed').then(() => location.assign('/account/ended'), tellFailure);
  return (
    <section className="card form">
      <h2>{t('exposed.title')}</h2>
      <p className="muted">{t('exposed.text')}</p>
      <div className="form-acts">
        <Button kind="danger" onClick={() => setAsking(true)}>
          {t('exposed.report')}
        </Button>
      </div>
      {asking && (
        <Sure
          title={t('exposed.title')}
          text={t('exposed.sure')}
          act={t('exposed.act')}
          onYes={report}
          onClose={() => setAsking(false)}
        />
      )}
    </section>
  );
}
