import { useId, type ComponentProps, type ReactNode } from 'react';
import { classes } from './classes';

interface Shared {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
}

function Frame({ id, label, hint, error, children }: Shared & { id: string; children: ReactNode }) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children}
      {hint && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="field-error">
          {error}
        </p>
      )}
    </div>
  );
}

function described(id: string, hint: ReactNode, error: string | undefined): string | undefined {
  return classes(hint ? `${id}-hint` : null, error ? `${id}-error` : null) || undefined;
}

export function Field({ label, hint, error, ...rest }: Shared & ComponentProps<'input'>) {
  const id = useId();
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <input
        id={id}
        className="input"
        aria-invalid={error ? true : undefined}
        aria-describedby={described(id, hint, error)}
        {...rest}
      />
    </Frame>
  );
}

export function TextField({ label, hint, error, ...rest }: Shared & ComponentProps<'textarea'>) {
  const id = useId();
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <textarea id={id} className="input" rows={3} aria-describedby={described(id, hint, error)} {...rest} />
    </Frame>
  );
}

export function Choice({ label, hint, error, children, ...rest }: Shared & ComponentProps<'select'>) {
  const id = useId();
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <select id={id} className="input" aria-describedby={described(id, hint, error)} {...rest}>
        {children}
      </select>
    </Frame>
  );
}

export function Switch({ label, hint, ...rest }: Omit<Shared, 'error'> & ComponentProps<'input'>) {
  const id = useId();
  return (
    <div className="switch">
      <input id={id} type="checkbox" role="switch" aria-describedby={described(id, hint, undefined)} {...rest} />
      <div>
        <label htmlFor={id}>{label}</label>
        {hint && (
          <p id={`${id}-hint`} className="field-hint">
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}
