// Addresses as chips: typed, pasted, chosen among the contacts, taken out again, all by keyboard.
import { X } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import { t } from '../i18n/t';
import { useMailAddresses } from '../state/session';
import { IconButton } from '../ui/Button';
import { classes } from '../ui/classes';
import { addressesOf, addressProblem, withAddresses } from './addresses';
import { useAddressSuggestions } from './useAddressSuggestions';

interface Props {
  label: string;
  value: string[];
  onChange: (value: string[]) => void;
  error?: string | undefined; // besides what is wrong with single addresses
  first?: boolean; // takes the focus when it appears
}

export function AddressField({ label, value, onChange, error, first }: Props) {
  const id = useId();
  const own = useMailAddresses();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [at, setAt] = useState(-1); // the suggestion under the arrow keys
  const found = useAddressSuggestions(text, value);
  useEffect(() => {
    if (first) input.current?.focus();
  }, [first]);
  const wrong = value.find((one) => addressProblem(one, own));
  const problem = wrong ? t(addressProblem(wrong, own) ?? 'recipients.wrong', { address: wrong }) : error;

  const type = (typed: string) => {
    setText(typed);
    setAt(-1);
  };
  const add = (more: string) => {
    type('');
    const next = withAddresses(value, addressesOf(more));
    if (next.length > value.length) onChange(next);
  };
  const remove = (one: string) => {
    onChange(value.filter((other) => other !== one));
    input.current?.focus();
  };
  const onKeyDown = (event: React.KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step && found.length > 0) {
      event.preventDefault();
      setAt((at + step + found.length + (at < 0 && step < 0 ? 1 : 0)) % found.length);
    } else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
      event.preventDefault(); // not the form's
      add(found[at]?.address ?? text);
    } else if ([',', ';'].includes(event.key) || (event.key === ' ' && text.includes('@'))) {
      event.preventDefault();
      add(text);
    } else if (event.key === 'Tab' && found[at]) {
      event.preventDefault();
      add(found[at].address);
    } else if (event.key === 'Backspace' && text === '' && value.length > 0) {
      onChange(value.slice(0, -1));
    } else if (event.key === 'Escape' && text) {
      event.preventDefault();
      event.stopPropagation();
      type('');
    }
  };
  return (
    <div className="address-field">
      <label htmlFor={id}>{label}</label>
      <div className={classes('addresses', problem && 'wrong')}>
        <ul aria-label={label}>
          {value.map((one) => (
            <li key={one} className={classes('address', addressProblem(one, own) && 'wrong')}>
              <span className="cut" dir="ltr">
                {one}
              </span>
              <IconButton
                icon={X}
                size={14}
                tip={false}
                label={t('recipients.remove', { address: one })}
                onClick={() => remove(one)}
              />
            </li>
          ))}
        </ul>
        <input
          ref={input}
          id={id}
          value={text}
          dir="ltr"
          role="combobox"
          aria-expanded={found.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={found[at] ? `${id}-${at}` : undefined}
          aria-invalid={problem ? true : undefined}
          aria-describedby={problem ? `${id}-wrong` : undefined}
          autoComplete="off"
          spellCheck={false}
          placeholder={value.length === 0 ? t('recipients.hint') : undefined}
          data-first={first ? '' : undefined}
          onChange={(event) => type(event.target.value)}
          onKeyDown={onKeyDown}
          onBlur={() => add(text)}
          onPaste={(event) => {
            const pasted = event.clipboardData.getData('text');
            if (!/[,;\n<]|@.*\s/.test(pasted.trim())) return; // one address is typed on
            event.preventDefault();
            add(`${text} ${pasted}`);
          }}
        />
        <div
          id={`${id}-list`}
          className="menu address-list"
          role="listbox"
          aria-label={t('recipients.contacts')}
          hidden={found.length === 0}
        >
          {found.map((one, index) => (
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the input has the keys
            <div
              key={one.address}
              id={`${id}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              className={classes('menu-item', index === at && 'at')}
              onMouseDown={(event) => event.preventDefault()} // the input keeps the focus
              onClick={() => add(one.address)}
            >
              <span className="cut" dir="auto">
                {one.name || one.address}
              </span>
              {one.name && (
                <span className="muted small cut" dir="ltr">
                  {one.address}
                </span>
              )}
            </div>
          ))}
        </div>
      </div>
      {problem && (
        <p id={`${id}-wrong`} className="field-error" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
