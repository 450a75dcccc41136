import { t } from '../i18n/t';
import { Button } from './Button';
import { Dialog } from './Dialog';

interface Props {
  title: string;
  text: string;
  act: string;
  onYes: () => void;
  onClose: () => void;
}

/** Asked before what cannot be taken back. */
export function Sure({ title, text, act, onYes, onClose }: Props) {
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{text}</p>
      <div className="form-acts">
        <Button kind="quiet" onClick={onClose}>
          {t('ui.cancel')}
        </Button>
        <Button kind="danger" onClick={onYes}>
          {act}
        </Button>
      </div>
    </Dialog>
  );
}
