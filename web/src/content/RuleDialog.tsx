// One rule on content: written, tried against an example, then saved.
import { useState, type FormEvent } from 'react';
import { api, ApiError } from '../api/client';
import type { ContentRule, ContentRuleInput, ContentTrial } from '../api/types';
import { t } from '../i18n/t';
import { failureText } from '../state/acts';
import { Button } from '../ui/Button';
import { Dialog } from '../ui/Dialog';
import { Choice, Field, Switch, TextField } from '../ui/Field';
import { Problem } from '../ui/Problem';
import { actions, channels, directionsOf, kinds, takesValues } from './rules';

interface Props {
  /** Where the rules are: of the workspace, or the operator's. */
  path: string;
  rule: ContentRule | null;
  onClose: () => void;
  onDone: () => void;
}

/** What the example says, judged by the rule as it stands in the form; it was tried when there is an answer to it. */
interface Trial {
  of: string;
  found: ContentTrial;
}

export function RuleDialog({ path, rule, onClose, onDone }: Props) {
  const of_operator = path.startsWith('/oversight');
  const [kind, setKind] = useState<ContentRule['kind']>(rule?.kind ?? 'words');
  const [values, setValues] = useState((rule?.values ?? []).join('\n'));
  const [name, setName] = useState(rule?.name ?? '');
  const [clause, setClause] = useState(rule?.clause ?? 'lawful_content');
  const [direction, setDirection] = useState<ContentRule['direction']>(rule?.direction ?? 'both');
  const [action, setAction] = useState<ContentRule['action']>(rule?.action ?? 'note');
  const [channel, setChannel] = useState(rule?.channels[0] ?? '');
  const [active, setActive] = useState(rule?.active ?? true);
  const [example, setExample] = useState('');
  const [sender, setSender] = useState({ name: '', address: '' });
  const [trial, setTrial] = useState<Trial | null>(null);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const directions = directionsOf(kind);
  const about_sender = kind === 'impersonation' || kind === 'reply_elsewhere';
  const input: ContentRuleInput = {
    name: name.trim(),
    kind,
    direction: directions.includes(direction) ? direction : directions[0]!,
    action,
    active,
    channels: channel ? [channel] : [],
    values: takesValues(kind)
      ? values
          .split('\n')
          .map((one) => one.trim())
          .filter(Boolean)
      : [],
    ...(of_operator ? { clause: clause.trim() } : {}),
  };
  const tried = JSON.stringify([input, example, sender]);
  const was_tried = trial?.of === tried;
  const run = async (act: () => Promise<void>) => {
    setBusy(true);
    setTrouble(null);
    try {
      await act();
    } catch (error) {
      setTrouble((error as ApiError).problem?.errors?.[0]?.detail ?? failureText(error));
    }
    setBusy(false);
  };
  const tryIt = () =>
    run(async () => {
      const body = { rule: input, example, sender_name: sender.name, sender_address: sender.address };
      setTrial({ of: tried, found: await api.post<ContentTrial>(`${path}/try`, body) });
    });
  const save = (event: FormEvent) => {
    event.preventDefault();
    void run(async () => {
      await (rule ? api.put(`${path}/${rule.id}`, input) : api.post(path, input));
      onDone();
      onClose();
    });
  };
  return (
    <Dialog title={t(rule ? 'rule.change' : 'rule.new')} onClose={onClose} wide>
      <form className="form" onSubmit={save}>
        <Problem text={trouble} />
        <Field
          label={t('rule.name')}
          hint={t('rule.name_hint')}
          required
          maxLength={60}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Choice label={t('rule.kind')} value={kind} onChange={(event) => setKind(event.target.value as typeof kind)}>
          {kinds.map((one) => (
            <option key={one} value={one}>
              {t(`rule.kind.${one}`)}
            </option>
          ))}
        </Choice>
        {takesValues(kind) && (
          <TextField
            label={t('rule.values')}
            hint={t(`rule.values.${kind}`)}
            rows={5}
            dir="auto"
            spellCheck={false}
            required={kind !== 'impersonation'}
            value={values}
            onChange={(event) => setValues(event.target.value)}
          />
        )}
        <Choice
          label={t('rule.direction')}
          value={input.direction}
          onChange={(event) => setDirection(event.target.value as typeof direction)}
        >
          {directions.map((one) => (
            <option key={one} value={one}>
              {t(`rule.direction.${one}`)}
            </option>
          ))}
        </Choice>
        <Choice label={t('rule.channel')} value={channel} onChange={(event) => setChannel(event.target.value)}>
          <option value="">{t('rule.channel.all')}</option>
          {channels.map((one) => (
            <option key={one} value={one}>
              {t(`rule.channel.${one}`)}
            </option>
          ))}
        </Choice>
        <Choice
          label={t('rule.action')}
          hint={t(`rule.action_hint.${action}`)}
          value={action}
          onChange={(event) => setAction(event.target.value as typeof action)}
        >
          {actions.map((one) => (
            <option key={one} value={one}>
              {t(`rule.action.${one}`)}
            </option>
          ))}
        </Choice>
        {of_operator && (
          <Field
            label={t('rule.clause')}
            hint={t('rule.clause_hint')}
            required
            maxLength={64}
            value={clause}
            onChange={(event) => setClause(event.target.value)}
          />
        )}
        <Switch label={t('rule.active')} checked={active} onChange={(event) => setActive(event.target.checked)} />
        <fieldset className="group">
          <legend>{t('rule.try_title')}</legend>
          {kind === 'impersonation' && (
            <Field
              label={t('rule.sender_name')}
              value={sender.name}
              onChange={(event) => setSender({ ...sender, name: event.target.value })}
            />
          )}
          {about_sender && (
            <Field
              label={t('rule.sender_address')}
              value={sender.address}
              onChange={(event) => setSender({ ...sender, address: event.target.value })}
            />
          )}
          <TextField
            label={t(kind === 'reply_elsewhere' ? 'rule.reply_to' : 'rule.example')}
            hint={kind === 'identical' ? t('rule.example_identical') : undefined}
            rows={3}
            dir="auto"
            value={example}
            onChange={(event) => setExample(event.target.value)}
          />
          <div className="rule-verdict">
            <Button busy={busy} onClick={() => void tryIt()}>
              {t('rule.try')}
            </Button>
            <p role="status" dir="auto">
              {was_tried &&
                t(trial.found.matches ? 'rule.matches' : 'rule.no_match', { excerpt: trial.found.excerpt ?? '' })}
            </p>
          </div>
        </fieldset>
        <div className="form-acts">
          {!was_tried && <span className="muted small">{t('rule.try_first')}</span>}
          <Button kind="quiet" onClick={onClose}>
            {t('ui.cancel')}
          </Button>
          <Button kind="first" type="submit" busy={busy} disabled={!was_tried}>
            {t('rule.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
