import { t } from '../i18n/t';
import { Button } from './Button';

interface Props {
  act: string;
  onCancel: () => void;
  kind?: 'first' | 'danger';
  busy?: boolean;
  disabled?: boolean;
}

/** How a form in a dialog ends: with nothing done, or with its one act. */
export function FormActs({ act, onCancel, kind = 'first', busy, disabled }: Props) {
  return (
    <div className="form-acts">
      <Button kind="quiet" onClick={onCancel}>
        {t('ui.cancel')}
      </Button>
      <Button kind={kind} type="submit" busy={busy ?? false} disabled={disabled}>
        {act}
      </Button>
    </div>
  );
}
