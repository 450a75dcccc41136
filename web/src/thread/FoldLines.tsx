// Where what somebody wrote now ends, pointed out by an agent: each line is a button that folds what comes from it
// on.
import { t } from '../i18n/t';
import { Button } from '../ui/Button';

const lines_max = 400; // of which one can be chosen

interface Props {
  text: string;
  onChoose: (shown_lines: number) => void;
  onCancel: () => void;
}

export function FoldLines({ text, onChoose, onCancel }: Props) {
  const lines = text.split('\n').slice(0, lines_max);
  return (
    <div className="fold-lines" role="group" aria-label={t('message.fold_from')}>
      <p className="muted small">{t('message.fold_from_hint')}</p>
      {lines.map((line, at) =>
        at === 0 || !line.trim() ? (
          // oxlint-disable-next-line react/no-array-index-key -- a line is its place
          <p key={at} className="fold-line" dir="auto">
            {line || ' '}
          </p>
        ) : (
          <button
            // oxlint-disable-next-line react/no-array-index-key -- a line is its place
            key={at}
            type="button"
            className="fold-line"
            dir="auto"
            aria-label={t('message.fold_from_line', { line })}
            // oxlint-disable-next-line jsx-a11y/no-autofocus -- one has just asked to choose
            autoFocus={!lines.slice(1, at).some((former) => former.trim())}
            onClick={() => onChoose(at)}
          >
            {line}
          </button>
        ),
      )}
      <Button kind="quiet" onClick={onCancel}>
        {t('ui.cancel')}
      </Button>
    </div>
  );
}
