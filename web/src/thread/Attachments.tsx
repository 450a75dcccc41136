import { Download, Paperclip } from 'lucide-react';
import type { Attachment } from '../api/types';
import { bytes } from '../i18n/format';
import { t } from '../i18n/t';

const shown_types = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

export function Attachments({ list }: { list: Attachment[] }) {
  if (list.length === 0) return null;
  return (
    <ul className="attachments" aria-label={t('message.attachments', { count: list.length })}>
      {list.map((file) => (
        <li key={file.id}>
          {shown_types.has(file.content_type) ? (
            <a className="picture" href={file.url} target="_blank" rel="noopener noreferrer">
              <img src={file.url} alt={file.filename} loading="lazy" />
            </a>
          ) : (
            <a className="file" href={file.url} download={file.filename}>
              <Paperclip size={16} aria-hidden />
              <span className="cut" dir="auto">
                {file.filename}
              </span>
              <span className="muted small figures">{bytes(file.size)}</span>
              <Download size={16} aria-hidden />
            </a>
          )}
        </li>
      ))}
    </ul>
  );
}
