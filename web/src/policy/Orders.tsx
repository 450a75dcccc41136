import type { ReactNode } from 'react';
import type { PaymentOrder } from '../api/types';
import { day } from '../i18n/format';
import { t } from '../i18n/t';

export function Orders({ list, renderActs }: { list: PaymentOrder[]; renderActs?: (one: PaymentOrder) => ReactNode }) {
  return (
    <ul className="things">
      {list.map((one) => (
        <li key={one.id}>
          <div className="grow">
            <p>
              <strong dir="auto">{one.reference}</strong> <span dir="auto">{one.amount}</span>{' '}
              <span className="state-word">{t(`order.${one.state}`)}</span>
            </p>
            <p className="muted small">{t('order.due', { when: day(one.due_at) })}</p>
          </div>
          {renderActs && <div className="thing-acts">{renderActs(one)}</div>}
        </li>
      ))}
    </ul>
  );
}
