import { ChevronDown } from 'lucide-react';
import { go, views } from '../app/route';
import { number } from '../i18n/format';
import { t } from '../i18n/t';
import { counts, type Filter } from '../state/lists';
import { Menu, MenuItem } from '../ui/Menu';

export function ViewMenu({ filter }: { filter: Filter }) {
  const found = counts.use();
  return (
    <h1 className="view-name">
      <Menu
        trigger={
          <button type="button" className="view-trigger">
            <span className="cut">{t(`view.${filter.view}`)}</span>
            <ChevronDown size={16} aria-hidden />
          </button>
        }
      >
        {views.map((view) => (
          <MenuItem
            key={view}
            chosen={view === filter.view}
            hint={found ? number(found[view]) : ''}
            onSelect={() => go({ at: 'inbox', filter: { view }, conversation: null })}
          >
            {t(`view.${view}`)}
          </MenuItem>
        ))}
      </Menu>
    </h1>
  );
}
