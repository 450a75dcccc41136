// A word about a control, with its key. Stays while pointed at, goes with Escape (WCAG 1.4.13).
import { Tooltip } from 'radix-ui';
import type { ReactElement } from 'react';
import { command } from '../keys/commands';
import { Keys } from './Keys';

interface Props {
  text: string;
  id?: string | undefined;
  children: ReactElement;
}

export function Tip({ text, id, children }: Props) {
  const keys = id ? command(id)?.keys[0] : undefined;
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content className="tip" sideOffset={6} collisionPadding={8}>
          {text}
          {keys && <Keys keys={keys} />}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
