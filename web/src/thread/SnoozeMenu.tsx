import { Clock } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { go, route, withConversation } from '../app/route';
import { dateTime } from '../i18n/format';
import { t } from '../i18n/t';
import { useCommands } from '../keys/commands';
import { setStatus } from '../state/acts';
import { Button, IconButton } from '../ui/Button';
import { Dialog } from '../ui/Dialog';
import { Field } from '../ui/Field';
import { Menu, MenuItem, MenuLabel } from '../ui/Menu';
import { nextInList } from './next';
import { localInput, snoozeTimes } from './snooze_times';

export function SnoozeMenu({ id }: { id: string }) {
  const [open, setOpen] = useState(false);
  const [own, setOwn] = useState(false);
  useCommands({ 'conversation.snooze': () => setOpen(true) });
  const snooze = (at: Date) => {
    const next = nextInList(id);
    void setStatus(id, 'snoozed', at.toISOString());
    go(withConversation(route.get(), next), 'replace');
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const at = new Date(String(new FormData(event.currentTarget).get('at')));
    if (Number.isNaN(at.getTime()) || at.getTime() <= Date.now()) return;
    setOwn(false);
    snooze(at);
  };
  return (
    <>
      <Menu
        open={open}
        onOpenChange={setOpen}
        align="end"
        trigger={<IconButton icon={Clock} label={t('snooze.act')} tip={false} />}
      >
        <MenuLabel>{t('snooze.until')}</MenuLabel>
        {snoozeTimes(new Date()).map((time) => (
          <MenuItem key={time.name} hint={dateTime(time.at.toISOString())} onSelect={() => snooze(time.at)}>
            {t(`snooze.${time.name}`)}
          </MenuItem>
        ))}
        <MenuItem onSelect={() => setOwn(true)}>{t('snooze.own')}</MenuItem>
      </Menu>
      {own && (
        <Dialog title={t('snooze.own_title')} onClose={() => setOwn(false)}>
          <form className="form" onSubmit={submit}>
            <Field
              label={t('snooze.when')}
              name="at"
              type="datetime-local"
              required
              min={localInput(new Date())}
              defaultValue={localInput(snoozeTimes(new Date()).find((time) => time.name === 'tomorrow')!.at)}
            />
            <div className="form-acts">
              <Button kind="first" type="submit">
                {t('snooze.act')}
              </Button>
            </div>
          </form>
        </Dialog>
      )}
    </>
  );
}
