// Whom the reply goes to: said in a line, changed in the fields that the line opens.
import { ChevronDown, Undo2, Users } from 'lucide-react';
import { useState } from 'react';
import { t } from '../i18n/t';
import { editDraft, type LocalDraft } from '../state/drafts';
import type { Row } from '../state/rows';
import { useMailAddresses } from '../state/session';
import type { ThreadState } from '../state/threads';
import { Button } from '../ui/Button';
import { AddressField } from './AddressField';
import { addressProblem, isAmong, recipients_max } from './addresses';
import { alsoWrittenTo, isToThirdParties, recipientOf, recipientsOf, type Recipients } from './recipient';

interface Props {
  id: string;
  row: Row;
  thread: ThreadState | undefined;
  draft: LocalDraft;
}

/** What keeps a mail from going to them; null: nothing. */
export function recipientsProblem(all: Recipients, own: string[]): string | null {
  const list = [...all.to, ...all.cc, ...all.bcc];
  const wrong = list.find((one) => addressProblem(one, own));
  if (wrong) return t(addressProblem(wrong, own) ?? 'recipients.wrong', { address: wrong });
  if (all.to.length === 0) return t('recipients.nobody');
  return list.length > recipients_max ? t('recipients.too_many', { max: recipients_max, count: list.length }) : null;
}

function inWords({ to, cc, bcc }: Recipients, channel: string): string {
  const parts = [t('recipients.to', { addresses: to.join(', ') })];
  if (cc.length > 0) parts.push(t('recipients.cc', { addresses: cc.join(', ') }));
  if (bcc.length > 0) parts.push(t('recipients.bcc', { addresses: bcc.join(', ') }));
  return `${parts.join(', ')} · ${channel}`;
}

/** To all in the talk, or only to who wrote. */
function AllOrOne({ id, row, thread, draft }: Props) {
  const own = useMailAddresses();
  const { name, address } = recipientOf(row, thread);
  const others = alsoWrittenTo(address, thread, own);
  if (others.length === 0 || draft.to) return null;
  const { cc } = recipientsOf(row, thread, own, draft);
  const all = cc.length === others.length && cc.every((one) => isAmong(others, one));
  if (!all && cc.length > 0) return null; // chosen one by one
  return (
    <div className="kinds" role="group" aria-label={t('recipients.who')}>
      <button type="button" aria-pressed={all} onClick={() => editDraft(id, { cc: others })}>
        <Users size={14} aria-hidden />
        {t('recipients.all')}
      </button>
      <button type="button" aria-pressed={!all} onClick={() => editDraft(id, { cc: [] })}>
        {t('recipients.only', { name })}
      </button>
    </div>
  );
}

export function ReplyRecipients(props: Props) {
  const { id, row, thread, draft } = props;
  const own = useMailAddresses();
  const [open, setOpen] = useState(false);
  const now = recipientsOf(row, thread, own, draft);
  const problem = recipientsProblem(now, own);
  const to_third = isToThirdParties(now, thread, row);
  const words = inWords(now, row.channel.name);
  const shown = open || problem !== null;
  return (
    <div className="reply-recipients">
      <div className="recipients-line">
        <button
          type="button"
          className="fold recipients-open"
          aria-expanded={shown}
          aria-label={t('recipients.change', { words })}
          onClick={() => setOpen(!open)}
        >
          <span className="cut">{words}</span>
          <ChevronDown size={14} aria-hidden />
        </button>
        <AllOrOne {...props} />
      </div>
      {to_third && (
        <div className="notice third-party-notice" role="note">
          <span>{t('recipients.third_party', { addresses: now.to.join(', ') })}</span>
          <Button kind="quiet" icon={Undo2} onClick={() => editDraft(id, { to: null, cc: null, bcc: [] })}>
            {t('recipients.back')}
          </Button>
        </div>
      )}
      {shown && (
        <div className="recipient-fields">
          <AddressField
            label={t('recipients.to_label')}
            value={now.to}
            onChange={(to) => editDraft(id, { ...now, to })}
          />
          <AddressField
            label={t('recipients.cc_label')}
            value={now.cc}
            first={open}
            onChange={(cc) => editDraft(id, { cc })}
          />
          <AddressField label={t('recipients.bcc_label')} value={now.bcc} onChange={(bcc) => editDraft(id, { bcc })} />
          {problem && !now.to.concat(now.cc, now.bcc).some((one) => addressProblem(one, own)) && (
            <p className="field-error" role="alert">
              {problem}
            </p>
          )}
        </div>
      )}
    </div>
  );
}
