import { useRef, useState } from 'react';
import { api, query } from '../api/client';
import type { Upload } from '../api/types';
import { bytes } from '../i18n/format';
import { t } from '../i18n/t';
import { tellFailure } from '../state/acts';
import { draft, editDraft } from '../state/drafts';
import { toast } from '../state/toasts';

export const upload_bytes_max = 25 * 1024 * 1024;

/** Files go to the server at once; the draft then holds their ids. */
export function useUploads(conversation: string) {
  const [running, setRunning] = useState<{ key: string; name: string }[]>([]);
  const next = useRef(1);
  const one = async (file: File) => {
    if (file.size > upload_bytes_max) {
      toast(t('composer.too_big', { name: file.name, size: bytes(upload_bytes_max) }), { failure: true });
      return;
    }
    const key = String(next.current++);
    setRunning((old) => [...old, { key, name: file.name }]);
    try {
      const content_type = file.type || 'application/octet-stream';
      const done = await api.upload<Upload>(
        `/uploads${query({ filename: file.name || 'image.png', content_type })}`,
        file,
      );
      editDraft(conversation, { attachments: [...draft(conversation).attachments, done] });
    } catch (error) {
      tellFailure(error);
    } finally {
      setRunning((old) => old.filter((other) => other.key !== key));
    }
  };
  const add = (files: File[]) => {
    for (const file of files) void one(file);
  };
  return { add, running, busy: running.length };
}
