// A modal window: the browser's own <dialog>, which keeps the focus inside, closes with Escape, makes the rest inert
// and gives the focus back. (Libraries do this with injected style elements, which our content policy forbids.)
import { X } from 'lucide-react';
import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { t } from '../i18n/t';
import { IconButton } from './Button';
import { classes } from './classes';

interface Props {
  title: string;
  onClose: (() => void) | null;
  children: ReactNode;
  wide?: boolean;
  bare?: boolean;
}

export function Dialog({ title, onClose, children, wide, bare }: Props) {
  const box = useRef<HTMLDialogElement>(null);
  const title_id = useId();
  const [before] = useState(() => document.activeElement); // now, before the effect moves it
  useEffect(() => {
    const dialog = box.current;
    dialog?.showModal();
    // A field cannot take the focus before the dialog is shown, and left alone it would go to the closing cross.
    const fields = [
      ...(dialog?.querySelectorAll<HTMLElement>('.dialog-body :is(input:not([type=hidden]), textarea, select)') ?? []),
    ];
    (fields.find((one) => 'first' in one.dataset) ?? fields[0])?.focus();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [before]);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events
    <dialog
      ref={box}
      className={classes('dialog', wide && 'wide', bare && 'bare')}
      aria-labelledby={title_id}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      onClick={(event) => {
        if (event.target === box.current) onClose?.();
      }}
    >
      <div className="dialog-body">
        <header className={classes('dialog-head', bare && 'said')}>
          <h2 id={title_id}>{title}</h2>
          {onClose && <IconButton icon={X} label={t('ui.close')} tip={false} onClick={onClose} />}
        </header>
        {children}
      </div>
    </dialog>
  );
}
