import { Tag, X } from 'lucide-react';
import { useEffect, useState, type FormEvent } from 'react';
import { api } from '../api/client';
import { t } from '../i18n/t';
import { useCommands } from '../keys/commands';
import { setTags } from '../state/acts';
import type { Row } from '../state/rows';
import { Button, IconButton } from '../ui/Button';
import { Dialog } from '../ui/Dialog';
import { Field } from '../ui/Field';

interface TagCount {
  tag: string;
  count: number;
}

function TagsDialog({ id, row, onClose }: { id: string; row: Row; onClose: () => void }) {
  const [known, setKnown] = useState<TagCount[]>([]);
  useEffect(() => {
    api.get<TagCount[] | { items: TagCount[] }>('/tags').then(
      (r) => setKnown(Array.isArray(r) ? r : r.items),
      () => {},
    );
  }, []);
  // The button goes with its tag: the focus goes to the next one, or to the field, and not to the page.
  const remove = (tag: string, button: HTMLElement) => {
    const item = button.parentElement;
    const next = item?.nextElementSibling ?? item?.previousElementSibling;
    (next?.querySelector('button') ?? button.closest('form')?.querySelector('input'))?.focus();
    const left = row.tags.filter((one) => one !== tag);
    void setTags(id, left);
  };
  const add = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const tag = String(new FormData(form).get('tag')).trim().toLowerCase();
    form.reset();
    if (tag && !row.tags.includes(tag)) void setTags(id, [...row.tags, tag]);
  };
  return (
    <Dialog title={t('tags.title')} onClose={onClose}>
      <form className="form" onSubmit={add}>
        {row.tags.length > 0 && (
          <ul className="chips">
            {row.tags.map((tag) => (
              <li key={tag}>
                <button
                  type="button"
                  className="chip"
                  aria-label={t('tags.remove', { name: tag })}
                  onClick={(event) => remove(tag, event.currentTarget)}
                >
                  {tag}
                  <X size={14} aria-hidden />
                </button>
              </li>
            ))}
          </ul>
        )}
        <div className="with-button">
          <Field label={t('tags.add')} name="tag" list="known-tags" autoComplete="off" maxLength={64} autoFocus />
          <Button type="submit">{t('tags.add_act')}</Button>
        </div>
        <datalist id="known-tags">
          {known.map((one) => (
            <option key={one.tag} value={one.tag} />
          ))}
        </datalist>
      </form>
    </Dialog>
  );
}

export function TagsButton({ id, row }: { id: string; row: Row }) {
  const [open, setOpen] = useState(false);
  useCommands({ 'conversation.tags': () => setOpen(true) });
  return (
    <>
      <IconButton icon={Tag} label={t('tags.title')} does="conversation.tags" onClick={() => setOpen(true)} />
      {open && <TagsDialog id={id} row={row} onClose={() => setOpen(false)} />}
    </>
  );
}
