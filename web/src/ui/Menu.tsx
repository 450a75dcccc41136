import { DropdownMenu } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { classes } from './classes';

interface Props {
  trigger: ReactElement;
  children: ReactNode;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  align?: 'start' | 'end';
}

/** Not modal on purpose: the modal kind injects a style element, which our content policy forbids. Not moved to the
 *  end of the page either: so it stays inside its landmark, and above a dialog that it was opened from. */
export function Menu({ trigger, children, align = 'start', ...state }: Props) {
  return (
    <DropdownMenu.Root modal={false} {...state}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Content className="menu" align={align} sideOffset={4} collisionPadding={8} loop>
        {children}
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}

interface ItemProps {
  onSelect: () => void;
  children: ReactNode;
  chosen?: boolean;
  hint?: ReactNode;
}

export function MenuItem({ onSelect, children, chosen, hint }: ItemProps) {
  return (
    <DropdownMenu.Item className={classes('menu-item', chosen && 'chosen')} onSelect={onSelect}>
      <span className="cut">{children}</span>
      {hint && <span className="menu-hint">{hint}</span>}
    </DropdownMenu.Item>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <DropdownMenu.Label className="menu-label">{children}</DropdownMenu.Label>;
}

export function MenuLine() {
  return <DropdownMenu.Separator className="menu-line" />;
}
