import { ImagePlus, Paperclip, X } from 'lucide-react';
import type { Upload } from '../api/types';
import { bytes } from '../i18n/format';
import { t } from '../i18n/t';
import { IconButton } from '../ui/Button';
import { markOf, picture_types } from './pictures';

interface Props {
  files: Upload[];
  running: { key: string; name: string }[];
  onRemove: (id: string) => void;
  /** The text that names the pictures in it, and what puts one there. */
  text?: string | undefined;
  onPlace?: ((name: string) => void) | undefined;
}

function Place({ name, text, onPlace }: { name: string; text: string; onPlace: (name: string) => void }) {
  if (text.includes(markOf(name))) return <span className="muted small">{t('composer.in_text')}</span>;
  const label = t('composer.into_text', { name });
  return <IconButton icon={ImagePlus} size={14} label={label} tip={false} onClick={() => onPlace(name)} />;
}

export function FileList({ files, running, onRemove, text, onPlace }: Props) {
  if (files.length + running.length === 0) return null;
  return (
    <ul className="file-list" aria-label={t('composer.files')}>
      {files.map((file) => (
        <li key={file.id} className="file">
          {picture_types.has(file.content_type) ? (
            <img src={`/api/v1/attachments/${file.id}`} alt="" />
          ) : (
            <Paperclip size={16} aria-hidden />
          )}
          <span className="cut" dir="auto">
            {file.filename}
          </span>
          <span className="muted small figures">{bytes(file.size)}</span>
          {onPlace && picture_types.has(file.content_type) && (
            <Place name={file.filename} text={text ?? ''} onPlace={onPlace} />
          )}
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
