import { Paperclip } from 'lucide-react';
import { useRef } from 'react';
import { t } from '../i18n/t';
import { Button, IconButton } from '../ui/Button';

interface Props {
  onFiles: (files: Iterable<File>) => void;
  /** With its name written out, for where there is room. */
  worded?: boolean;
}

export function AttachButton({ onFiles, worded }: Props) {
  const box = useRef<HTMLInputElement>(null);
  const choose = () => box.current?.click();
  return (
    <>
      <input
        ref={box}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = ''; // so that the same file can be chosen again
        }}
      />
      {worded ? (
        <Button kind="quiet" icon={Paperclip} className="attach" onClick={choose}>
          {t('composer.attach')}
        </Button>
      ) : (
        <IconButton icon={Paperclip} label={t('composer.attach')} onClick={choose} />
      )}
    </>
  );
}
