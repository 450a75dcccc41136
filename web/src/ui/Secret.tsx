import { Copy } from 'lucide-react';
import { t } from '../i18n/t';
import { say } from '../live/announce';
import { Button } from './Button';
import { Dialog } from './Dialog';

/** Text to take away: a password or key that is shown this once, or a line to put on a web page. */
export function CopyText({ text, label }: { text: string; label: string }) {
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => say(t('ui.copied')),
      () => {},
    );
  };
  return (
    <div className="copy-text">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <code tabIndex={0} role="region" aria-label={label} dir="ltr">
        {text}
      </code>
      <Button icon={Copy} onClick={copy}>
        {t('ui.copy')}
      </Button>
    </div>
  );
}

export function SecretDialog({
  title,
  text,
  secret,
  onClose,
}: {
  title: string;
  text: string;
  secret: string;
  onClose: () => void;
}) {
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="form">
        <p>{text}</p>
        <CopyText text={secret} label={title} />
        <div className="form-acts">
          <Button kind="first" onClick={onClose}>
            {t('ui.done')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
