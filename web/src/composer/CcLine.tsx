import { X } from 'lucide-react';
import { useId } from 'react';
import { t } from '../i18n/t';
import { IconButton } from '../ui/Button';
import { wrongAddress } from './cc';

interface Props {
  value: string;
  onChange: (value: string | null) => void;
}

/** Who else gets the reply. Seen by the customer. */
export function CcLine({ value, onChange }: Props) {
  const id = useId();
  const wrong = wrongAddress(value);
  return (
    <div className="cc-line">
      <label htmlFor={id}>{t('composer.cc')}</label>
      <input
        id={id}
        className="input"
        value={value}
        dir="ltr"
        autoComplete="off"
        spellCheck={false}
        placeholder={t('composer.cc_hint')}
        aria-invalid={wrong ? true : undefined}
        aria-describedby={wrong ? `${id}-wrong` : undefined}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- it appears because one asked to write in it
        autoFocus={value === ''}
        onChange={(event) => onChange(event.target.value)}
      />
      <IconButton icon={X} label={t('composer.cc_remove')} onClick={() => onChange(null)} />
      {wrong && (
        <p id={`${id}-wrong`} className="field-error">
          {t('composer.cc_wrong', { address: wrong })}
        </p>
      )}
    </div>
  );
}
