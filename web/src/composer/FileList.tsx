import { Paperclip, X } from 'lucide-react';
import type { Upload } from '../api/types';
import { bytes } from '../i18n/format';
import { t } from '../i18n/t';
import { IconButton } from '../ui/Button';

interface Props {
  files: Upload[];
  running: { key: string; name: string }[];
  onRemove: (id: string) => void;
}

export function FileList({ files, running, onRemove }: Props) {
  if (files.length + running.length === 0) return null;
  return (
    <ul className="file-list" aria-label={t('composer.files')}>
      {files.map((file) => (
        <li key={file.id} className="file">
          <Paperclip size={16} aria-hidden />
          <span className="cut" dir="auto">
            {file.filename}
          </span>
          <span className="muted small figures">{bytes(file.size)}</span>
          <IconButton
            icon={X}
            size={14}
            label={t('composer.remove_file', { name: file.filename })}
            tip={false}
            onClick={() => onRemove(file.id)}
          />
        </li>
      ))}
      {running.map((file) => (
        <li key={file.key} className="file" role="status">
          <span className="cut" dir="auto">
            {t('composer.uploading', { name: file.name })}
          </span>
        </li>
      ))}
    </ul>
  );
}
