import { useState, type FormEvent } from 'react';
import { t } from '../i18n/t';
import { subjectOf } from '../inbox/subject';
import { rename } from '../state/acts';
import type { Row } from '../state/rows';
import { Tip } from '../ui/Tip';

const subject_chars_max = 200;

/** What the conversation is about: pressed, it can be written anew. What the customer has read stays as it was. */
export function Subject({ row: { id, subject, channel } }: { row: Row }) {
  const shown = subjectOf({ subject, channel });
  const [draft, setDraft] = useState<string | null>(null);
  if (draft === null)
    return (
      <h1 dir="auto">
        <Tip text={t('thread.rename')}>
          <button type="button" className="subject" onClick={() => setDraft(subject)}>
            {shown}
          </button>
        </Tip>
      </h1>
    );
  const save = (event?: FormEvent) => {
    event?.preventDefault();
    setDraft(null);
    const wanted = draft.trim();
    if (wanted && wanted !== subject) void rename(id, wanted);
  };
  return (
    <form className="subject-form" onSubmit={save}>
      <h1 className="said">{shown}</h1>
      <input
        className="input"
        aria-label={t('thread.rename')}
        value={draft}
        maxLength={subject_chars_max}
        dir="auto"
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- one has just asked to write here
        autoFocus
        onFocus={(event) => event.target.select()}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={() => save()}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          setDraft(null);
        }}
      />
    </form>
  );
}
