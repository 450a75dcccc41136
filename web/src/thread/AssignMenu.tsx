import { UserRound, UserRoundPlus } from 'lucide-react';
import { useState } from 'react';
import { t } from '../i18n/t';
import { useCommands } from '../keys/commands';
import { assign, take } from '../state/acts';
import { people } from '../state/people';
import type { Row } from '../state/rows';
import { useMe } from '../state/session';
import { Button } from '../ui/Button';
import { Keys } from '../ui/Keys';
import { Menu, MenuItem, MenuLabel, MenuLine } from '../ui/Menu';

export function AssignMenu({ id, row }: { id: string; row: Row }) {
  const [open, setOpen] = useState(false);
  const all = people.use();
  const user = useMe();
  useCommands({ 'conversation.assign': () => setOpen(true) });
  const others = all.filter((one) => one.state === 'active' && one.id !== user.id);
  const who = row.assignee?.name ?? t('assign.nobody');
  return (
    <Menu
      open={open}
      onOpenChange={setOpen}
      align="end"
      trigger={
        <Button
          icon={row.assignee ? UserRound : UserRoundPlus}
          aria-label={row.assignee ? t('assign.label', { name: who }) : t('assign.act')}
        >
          <span className="cut act-word">{row.assignee ? who.split(' ')[0] : t('assign.act')}</span>
        </Button>
      }
    >
      {row.assignee?.id !== user.id && (
        <MenuItem onSelect={() => void take(id)} hint={<Keys keys="m" />}>
          {t('assign.me')}
        </MenuItem>
      )}
      {row.assignee && <MenuItem onSelect={() => void assign(id, null)}>{t('assign.nobody')}</MenuItem>}
      <MenuLine />
      <MenuLabel>{t('assign.hand_over')}</MenuLabel>
      {others.map((one) => (
        <MenuItem
          key={one.id}
          chosen={row.assignee?.id === one.id}
          onSelect={() => void assign(id, { id: one.id, name: one.name })}
        >
          {one.name}
        </MenuItem>
      ))}
    </Menu>
  );
}
