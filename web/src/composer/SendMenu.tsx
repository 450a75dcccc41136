import { ChevronDown } from 'lucide-react';
import { t } from '../i18n/t';
import { Keys } from '../ui/Keys';
import { Menu, MenuItem } from '../ui/Menu';

export function SendMenu({ disabled, onSendClose }: { disabled: boolean; onSendClose: () => void }) {
  return (
    <Menu
      align="end"
      trigger={
        <button
          type="button"
          className="button first split-more"
          aria-label={t('composer.more')}
          aria-disabled={disabled}
        >
          <ChevronDown size={16} aria-hidden />
        </button>
      }
    >
      <MenuItem onSelect={onSendClose} hint={<Keys keys="Mod+Shift+Enter" />}>
        {t('composer.send_close')}
      </MenuItem>
    </Menu>
  );
}
