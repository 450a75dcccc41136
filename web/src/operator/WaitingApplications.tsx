// Programs that wait for the operator, where the policy says that he approves them.
import { api } from '../api/client';
import type { WaitingApplication } from '../api/types';
import { t } from '../i18n/t';
import { ApplicationLines } from '../settings/programs/Applications';
import { Listing } from '../ui/Listing';
import { tellFailure } from '../state/acts';
import { Button } from '../ui/Button';

export function WaitingApplications() {
  return (
    <Listing<WaitingApplication> path="/oversight/applications" whole empty={t('applications.none_waits')}>
      {(items, reload) => {
        const decide = (one: WaitingApplication, outcome: string) => () =>
          void api.post(`/oversight/applications/${one.id}/decide`, { outcome }).then(reload, tellFailure);
        return (
          <ul className="things">
            {items.map((one) => (
              <li key={one.id}>
                <div className="grow">
                  <p dir="auto">{one.workspace.name}</p>
                  <ApplicationLines one={one} />
                </div>
                <div className="thing-acts">
                  <Button onClick={decide(one, 'approved')}>{t('applications.approve')}</Button>
                  <Button kind="quiet" onClick={decide(one, 'refused')}>
                    {t('applications.refuse')}
                  </Button>
                </div>
              </li>
            ))}
          </ul>
        );
      }}
    </Listing>
  );
}
