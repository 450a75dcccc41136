import { ListFilter, X } from 'lucide-react';
import { useState } from 'react';
import { api } from '../api/client';
import { t } from '../i18n/t';
import { number } from '../i18n/format';
import type { Filter } from '../state/lists';
import { people } from '../state/people';
import { seen_channels } from '../state/rows';
import { IconButton } from '../ui/Button';
import { Menu, MenuItem, MenuLabel, MenuLine } from '../ui/Menu';

interface Props {
  filter: Filter;
  onChange: (next: Filter) => void;
}
interface TagCount {
  tag: string;
  count: number;
}

function toggled<K extends 'channel' | 'assignee' | 'tag'>(filter: Filter, name: K, value: string): Filter {
  return { ...filter, [name]: filter[name] === value ? undefined : value };
}

export function FilterMenu({ filter, onChange }: Props) {
  const [tags, setTags] = useState<TagCount[]>([]);
  const all = people.use();
  const load = (open: boolean) => {
    if (open)
      api.get<TagCount[] | { items: TagCount[] }>('/tags').then(
        (r) => setTags(Array.isArray(r) ? r : r.items),
        () => {},
      );
  };
  return (
    <Menu
      align="end"
      onOpenChange={load}
      trigger={<IconButton icon={ListFilter} label={t('filter.label')} tip={false} />}
    >
      <MenuLabel>{t('filter.channel')}</MenuLabel>
      {[...seen_channels.values()].map((channel) => (
        <MenuItem
          key={channel.id}
          chosen={filter.channel === channel.id}
          onSelect={() => onChange(toggled(filter, 'channel', channel.id))}
        >
          {channel.name}
        </MenuItem>
      ))}
      {filter.view !== 'mine' && filter.view !== 'unassigned' && (
        <>
          <MenuLine />
          <MenuLabel>{t('filter.assignee')}</MenuLabel>
          <MenuItem chosen={filter.assignee === 'none'} onSelect={() => onChange(toggled(filter, 'assignee', 'none'))}>
            {t('assign.nobody')}
          </MenuItem>
          {all
            .filter((user) => user.state === 'active')
            .map((user) => (
              <MenuItem
                key={user.id}
                chosen={filter.assignee === user.id}
                onSelect={() => onChange(toggled(filter, 'assignee', user.id))}
              >
                {user.name}
              </MenuItem>
            ))}
        </>
      )}
      {tags.length > 0 && (
        <>
          <MenuLine />
          <MenuLabel>{t('filter.tag')}</MenuLabel>
          {tags.map((one) => (
            <MenuItem
              key={one.tag}
              chosen={filter.tag === one.tag}
              hint={number(one.count)}
              onSelect={() => onChange(toggled(filter, 'tag', one.tag))}
            >
              {one.tag}
            </MenuItem>
          ))}
        </>
      )}
    </Menu>
  );
}

export function FilterChips({ filter, onChange }: Props) {
  const all = people.use();
  const chips: { name: 'channel' | 'assignee' | 'tag'; text: string }[] = [];
  if (filter.channel)
    chips.push({ name: 'channel', text: seen_channels.get(filter.channel)?.name ?? t('filter.channel') });
  if (filter.assignee === 'none') chips.push({ name: 'assignee', text: t('assign.nobody') });
  else if (filter.assignee)
    chips.push({ name: 'assignee', text: all.find((user) => user.id === filter.assignee)?.name ?? '' });
  if (filter.tag) chips.push({ name: 'tag', text: filter.tag });
  if (chips.length === 0) return null;
  return (
    <div className="chips">
      {chips.map((chip) => (
        <button
          key={chip.name}
          type="button"
          className="chip"
          aria-label={t('filter.remove', { name: chip.text })}
          onClick={() => onChange({ ...filter, [chip.name]: undefined })}
        >
          {chip.text}
          <X size={14} aria-hidden />
        </button>
      ))}
    </div>
  );
}
