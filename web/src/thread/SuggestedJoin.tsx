import { Merge } from 'lucide-react';
import type { Suggestion } from '../api/types';
import { go, route, withConversation } from '../app/route';
import { t, type Key } from '../i18n/t';
import { useCommands } from '../keys/commands';
import { joinSuggested, keepApart } from '../state/acts';
import { Button } from '../ui/Button';
import { useResource } from '../ui/useResource';

const weaknesses: Record<Suggestion['weakness'], Key> = {
  stranger: 'suggestion.stranger',
  unproven: 'suggestion.unproven',
  disowned: 'suggestion.disowned',
  unreachable: 'suggestion.unreachable',
  no_longer_proven: 'suggestion.no_longer_proven',
};

/** This conversation may belong to another, on evidence that an agent has to judge: one key joins, one keeps apart. */
export function SuggestedJoin({ id }: { id: string }) {
  const { data } = useResource<Suggestion>(`/conversations/${id}/suggestion`);
  const join = () => void joinSuggested(id).then((into) => into && go(withConversation(route.get(), into), 'replace'));
  const keep = () => void keepApart(id);
  useCommands({ 'conversation.join': data ? join : undefined, 'conversation.keep_apart': data ? keep : undefined });
  if (!data) return null;
  const { number, subject } = data.target;
  const found = t(data.found_by === 'reply_token' ? 'suggestion.reply_token' : 'suggestion.reference');
  return (
    <div className="notice suggested" role="note">
      <Merge size={20} aria-hidden />
      <div>
        <p>
          <strong>{t('suggestion.title', { subject: subject || t('thread.no_subject'), number })}</strong>
        </p>
        <p>
          {found} {t(weaknesses[data.weakness])}
        </p>
        <p className="suggested-acts">
          <Button onClick={join}>{t('key.join')}</Button>
          <Button kind="quiet" onClick={keep}>
            {t('key.keep_apart')}
          </Button>
        </p>
      </div>
    </div>
  );
}
