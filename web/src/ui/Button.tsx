import type { LucideIcon } from 'lucide-react';
import type { ComponentProps } from 'react';
import { classes } from './classes';
import { Tip } from './Tip';

interface Props extends ComponentProps<'button'> {
  kind?: 'plain' | 'first' | 'quiet' | 'danger';
  icon?: LucideIcon;
  busy?: boolean;
}

export function Button({ kind = 'plain', icon: Icon, busy, children, className, ...rest }: Props) {
  return (
    <button
      type="button"
      aria-disabled={busy || undefined}
      {...rest}
      className={classes('button', kind, busy && 'busy', className)}
    >
      {Icon && <Icon size={16} aria-hidden />}
      {children}
    </button>
  );
}

interface IconProps extends Omit<ComponentProps<'button'>, 'children'> {
  icon: LucideIcon;
  label: string;
  /** The command whose key the tooltip names. */
  does?: string;
  tip?: boolean;
  size?: number;
}

export function IconButton({ icon: Icon, label, does, tip = true, size = 18, className, ...rest }: IconProps) {
  const button = (
    <button type="button" aria-label={label} {...rest} className={classes('icon-button', className)}>
      <Icon size={size} aria-hidden />
    </button>
  );
  return tip ? (
    <Tip text={label} id={does}>
      {button}
    </Tip>
  ) : (
    button
  );
}
