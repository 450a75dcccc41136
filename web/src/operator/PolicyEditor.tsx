// The operator writes the next version as a draft and publishes it with a date.
import { useEffect, useState, type FormEvent } from 'react';
import { api, ApiError } from '../api/client';
import type { PolicyClause, PolicyVersion, PolicyVersions } from '../api/types';
import { day } from '../i18n/format';
import { t } from '../i18n/t';
import { toast } from '../state/toasts';
import { Button } from '../ui/Button';
import { Field, TextField } from '../ui/Field';
import { useResource } from '../ui/useResource';
import { Problem } from '../ui/Problem';

const rulesAsText = (clause: PolicyClause) => clause.rules.map((one) => `${one.name} = ${one.value}`).join('\n');
function readRules(text: string): PolicyClause['rules'] {
  return text
    .split('\n')
    .filter((line) => line.trim())
    .map((line) => {
      const [name = '', ...value] = line.split(' = ');
      return { name: name.trim(), value: value.join(' = ').trim() };
    });
}

function ClauseFields(props: { clause: PolicyClause; onChange: (next: PolicyClause) => void; onRemove: () => void }) {
  const { clause, onChange, onRemove } = props;
  const [rules, setRules] = useState(rulesAsText(clause));
  const setText = (index: number, patch: Partial<PolicyClause['texts'][number]>) =>
    onChange({ ...clause, texts: clause.texts.map((one, i) => (i === index ? { ...one, ...patch } : one)) });
  return (
    <details className="clause">
      <summary>
        <code>{clause.id}</code> {clause.texts[0]?.title}
      </summary>
      <div className="form">
        {clause.texts.map((text, index) => (
          <fieldset key={text.language}>
            <legend>{text.language}</legend>
            <Field
              label={t('editor.title', { language: text.language })}
              value={text.title}
              maxLength={200}
              lang={text.language}
              onChange={(event) => setText(index, { title: event.target.value })}
            />
            <TextField
              label={t('editor.body', { language: text.language })}
              value={text.body}
              rows={6}
              maxLength={8000}
              lang={text.language}
              onChange={(event) => setText(index, { body: event.target.value })}
            />
          </fieldset>
        ))}
        <TextField
          label={t('editor.rules')}
          hint={t('editor.rules_hint')}
          value={rules}
          onChange={(event) => {
            setRules(event.target.value);
            onChange({ ...clause, rules: readRules(event.target.value) });
          }}
        />
        <div className="form-acts">
          <Button kind="quiet" onClick={onRemove}>
            {t('editor.remove')}
          </Button>
        </div>
      </div>
    </details>
  );
}

function AddClause({ onAdd }: { onAdd: (id: string) => void }) {
  const [id, setId] = useState('');
  return (
    <div className="page-acts">
      <Field
        label={t('editor.new_id')}
        value={id}
        maxLength={64}
        pattern="[a-z0-9_]+"
        onChange={(event) => setId(event.target.value)}
      />
      <Button
        onClick={() => {
          if (/^[a-z0-9_]+$/.test(id)) onAdd(id);
          setId('');
        }}
      >
        {t('editor.add')}
      </Button>
    </div>
  );
}

/** Null while asking. */
function useStart(): [PolicyVersion | null, () => void] {
  const versions = useResource<PolicyVersions>('/policy/versions');
  const [start, setStart] = useState<PolicyVersion | null>(null);
  const newest = versions.data?.items[0]?.number;
  useEffect(() => {
    if (newest === undefined) return;
    const published = () => api.get<PolicyVersion>(`/policy/versions/${newest}`);
    api
      .get<PolicyVersion>('/oversight/draft')
      .catch(published)
      .then(setStart, () => {});
  }, [newest]);
  return [start, versions.reload];
}

export function PolicyEditor() {
  const [start, reload] = useStart();
  const [clauses, setClauses] = useState<PolicyClause[] | null>(null);
  const [problem, setProblem] = useState('');
  const list = clauses ?? start?.clauses ?? [];
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const is_publishing = (event.nativeEvent as SubmitEvent).submitter?.dataset.publish !== undefined;
    const from = String(given.get('effective_at') ?? '');
    try {
      await api.put('/oversight/draft', { summary: String(given.get('summary') ?? ''), clauses: list });
      if (is_publishing)
        await api.post('/oversight/draft/publish', from ? { effective_at: new Date(from).toISOString() } : {});
      setProblem('');
      toast(t(is_publishing ? 'editor.published' : 'editor.saved'));
      if (is_publishing) reload();
    } catch (error) {
      const { problem: said, message } = error as ApiError;
      setProblem(said.errors?.map((one) => `${one.field}: ${one.detail}`).join(' ') || message || t('error.offline'));
    }
  };
  const change = (id: string, next: PolicyClause) => setClauses(list.map((one) => (one.id === id ? next : one)));
  const add = (id: string) =>
    setClauses([
      ...list.filter((one) => one.id !== id),
      {
        id,
        class: 0,
        rules: [],
        texts: ['en', 'fr'].map((language) => ({ language, title: id, body: id })),
      },
    ]);
  return (
    <section className="card">
      <h2>{t('editor.heading')}</h2>
      {start && (
        <p className="muted">
          {start.published_at
            ? t('editor.from', { version: start.number, when: day(start.effective_at ?? start.published_at) })
            : t('editor.draft', { version: start.number })}{' '}
          <a href="/acceptable-use">{t('editor.public')}</a>
        </p>
      )}
      <Problem text={problem} />
      {start && (
        <form className="form" onSubmit={(event) => void submit(event)}>
          {list.map((one) => (
            <ClauseFields
              key={one.id}
              clause={one}
              onChange={(next) => change(one.id, next)}
              onRemove={() => setClauses(list.filter((other) => other.id !== one.id))}
            />
          ))}
          <AddClause onAdd={add} />
          <TextField
            label={t('editor.summary')}
            name="summary"
            maxLength={1000}
            defaultValue={start.published_at ? '' : start.summary}
          />
          <Field label={t('editor.effective_at')} hint={t('editor.effective_hint')} name="effective_at" type="date" />
          <div className="form-acts">
            <Button type="submit">{t('editor.save')}</Button>
            <Button kind="first" type="submit" data-publish="">
              {t('editor.publish')}
            </Button>
          </div>
        </form>
      )}
    </section>
  );
}
