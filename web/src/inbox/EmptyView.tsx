import { go } from '../app/route';
import { t } from '../i18n/t';
import { counts, list, listKey, openList, type Filter } from '../state/lists';
import { take } from '../state/acts';
import { mayActAs, useMailAddresses, useMe } from '../state/session';
import { Button } from '../ui/Button';
import { Empty } from '../ui/Empty';

/** The one that has waited longest, of those loaded, is taken and opened. */
async function takeOne() {
  const filter: Filter = { view: 'unassigned' };
  await openList(filter, true);
  const oldest = list(listKey(filter))?.ids.at(-1);
  if (oldest && (await take(oldest))) go({ at: 'inbox', filter: { view: 'mine' }, conversation: oldest });
}

export function EmptyView({ filter }: { filter: Filter }) {
  const found = counts.use();
  const user = useMe();
  const [address] = useMailAddresses();
  const is_filtered = filter.channel || filter.assignee || filter.tag;
  if (is_filtered) {
    return (
      <Empty title={t('empty.filtered')}>
        <Button onClick={() => go({ at: 'inbox', filter: { view: filter.view }, conversation: null })}>
          {t('filter.clear')}
        </Button>
      </Empty>
    );
  }
  const waiting = found?.unassigned ?? 0;
  if (filter.view === 'mine' && waiting > 0) {
    return (
      <Empty title={t('empty.mine')} text={t('empty.unassigned_wait', { count: waiting })}>
        <Button kind="first" onClick={() => void takeOne()}>
          {t('empty.take_one')}
        </Button>
        <Button kind="quiet" onClick={() => go({ at: 'inbox', filter: { view: 'unassigned' }, conversation: null })}>
          {t('empty.see_them')}
        </Button>
      </Empty>
    );
  }
  if (found?.all === 0 && mayActAs(user, 'administrator')) {
    return (
      <Empty title={t('empty.all')} text={address ? t('empty.new_mail', { address }) : t('empty.all_text')}>
        <Button kind={address ? 'quiet' : 'first'} onClick={() => go({ at: 'welcome' })}>
          {t(address ? 'empty.guide_back' : 'empty.guide')}
        </Button>
      </Empty>
    );
  }
  return <Empty title={t(`empty.${filter.view}`)} text={t(`empty.${filter.view}_text`)} />;
}
