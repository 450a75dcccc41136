// The texts that a mail channel answers with at once: one a language, the first for all others, each shown as the
// customer will see it.
import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { languageTag } from '../../i18n/format';
import { t } from '../../i18n/t';
import { useWorkspaceName } from '../../state/session';
import { Button } from '../../ui/Button';
import { Choice, Field, Switch, TextField } from '../../ui/Field';
import {
  filledIn,
  languageName,
  languages,
  newText,
  texts_max,
  type Acknowledgement,
  type AcknowledgementText,
} from './acknowledgement';

interface TextProps {
  text: AcknowledgementText;
  first: boolean;
  taken: string[]; // languages of the other texts
  error: (field: string) => string | undefined;
  onChange: (text: AcknowledgementText) => void;
  onRemove: () => void;
}

function Preview({ text }: { text: AcknowledgementText }) {
  const workspace = useWorkspaceName();
  return (
    <figure className="mail-preview" aria-label={t('acknowledge.preview')}>
      <figcaption className="field-hint">{t('acknowledge.preview')}</figcaption>
      <p className="mail-preview-subject" lang={text.language} dir="auto">
        {filledIn(text.subject, workspace)}
      </p>
      <p className="mail-preview-text" lang={text.language} dir="auto">
        {filledIn(text.text, workspace)}
      </p>
    </figure>
  );
}

function TextOfLanguage({ text, first, taken, error, onChange, onRemove }: TextProps) {
  const name = languageName(text.language, languageTag());
  return (
    <fieldset className="group">
      <legend>{name}</legend>
      <Choice
        label={t('profile.language')}
        hint={first ? t('acknowledge.first_hint') : undefined}
        value={text.language}
        onChange={(event) => onChange({ ...text, language: event.target.value })}
      >
        {languages
          .filter((code) => !taken.includes(code))
          .map((code) => (
            <option key={code} value={code}>
              {languageName(code, languageTag())}
            </option>
          ))}
      </Choice>
      <Field
        label={t('acknowledge.subject')}
        required
        maxLength={200}
        dir="auto"
        lang={text.language}
        value={text.subject}
        error={error('subject')}
        onChange={(event) => onChange({ ...text, subject: event.target.value })}
      />
      <TextField
        label={t('acknowledge.text')}
        hint={t('acknowledge.placeholders')}
        required
        rows={6}
        maxLength={2000}
        dir="auto"
        lang={text.language}
        value={text.text}
        error={error('text')}
        onChange={(event) => onChange({ ...text, text: event.target.value })}
      />
      <Preview text={text} />
      <div>
        <Button
          kind="quiet"
          icon={Trash2}
          aria-label={t('acknowledge.remove_of', { language: name })}
          onClick={onRemove}
        >
          {t('acknowledge.remove')}
        </Button>
      </div>
    </fieldset>
  );
}

interface Props {
  now: Acknowledgement | undefined;
  about: (field: string) => string | undefined;
}

export function AcknowledgementFields({ now, about }: Props) {
  const [enabled, setEnabled] = useState(now?.enabled ?? false);
  const [texts, setTexts] = useState<AcknowledgementText[]>(now?.texts ?? []);
  const free = languages.filter((code) => !texts.some((one) => one.language === code));
  const preferred = [languageTag().slice(0, 2), 'en', 'fr', ...free].find((code) => free.includes(code));
  const add = () => preferred && setTexts([...texts, newText(preferred)]);
  const turn = (on: boolean) => {
    setEnabled(on);
    if (on && texts.length === 0) add();
  };
  const replace = (at: number, text: AcknowledgementText) =>
    setTexts(texts.map((one, index) => (index === at ? text : one)));
  return (
    <>
      <input type="hidden" name="acknowledgement" value={JSON.stringify({ enabled, texts })} />
      <Switch
        label={t('acknowledge.title')}
        hint={t('acknowledge.hint')}
        checked={enabled}
        onChange={(event) => turn(event.target.checked)}
      />
      {enabled && (
        <>
          {about('config.acknowledgement.texts') && (
            <p className="field-error">{about('config.acknowledgement.texts')}</p>
          )}
          {texts.map((text, index) => (
            <TextOfLanguage
              // oxlint-disable-next-line react/no-array-index-key -- the language is what changes, and the focus stays
              key={index}
              text={text}
              first={index === 0}
              taken={texts.filter((one) => one !== text).map((one) => one.language)}
              error={(field) => about(`config.acknowledgement.texts.${index}.${field}`)}
              onChange={(changed) => replace(index, changed)}
              onRemove={() => setTexts(texts.filter((one) => one !== text))}
            />
          ))}
          {texts.length < texts_max && (
            <div>
              <Button icon={Plus} onClick={add}>
                {t('acknowledge.add')}
              </Button>
            </div>
          )}
        </>
      )}
    </>
  );
}
