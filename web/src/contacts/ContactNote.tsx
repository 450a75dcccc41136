import { useState } from 'react';
import { api } from '../api/client';
import type { Contact } from '../api/types';
import { t } from '../i18n/t';
import { tellFailure } from '../state/acts';
import { toast } from '../state/toasts';
import { Button } from '../ui/Button';
import { TextField } from '../ui/Field';

/** What colleagues should know about a person. Saved when asked, so that nobody saves half a sentence. */
export function ContactNote({ contact, onSaved }: { contact: Contact; onSaved: () => void }) {
  const [text, setText] = useState(contact.note ?? '');
  const changed = text !== (contact.note ?? '');
  const save = () => {
    api.patch(`/contacts/${contact.id}`, { note: text }).then(() => {
      toast(t('contact.note_saved'));
      onSaved();
    }, tellFailure);
  };
  return (
    <section>
      <TextField
        label={t('contact.note')}
        value={text}
        maxLength={4000}
        dir="auto"
        onChange={(event) => setText(event.target.value)}
      />
      {changed && (
        <div className="form-acts">
          <Button onClick={save}>{t('ui.save')}</Button>
        </div>
      )}
    </section>
  );
}
