import { useRef, useState, type ClipboardEvent, type DragEvent } from 'react';
import { api, query } from '../api/client';
import type { Upload } from '../api/types';
import { bytes } from '../i18n/format';
import { t } from '../i18n/t';
import { failureText } from '../state/acts';
import { toast } from '../state/toasts';

const upload_bytes_max = 25 * 1024 * 1024;

function tellInToast(text: string | null) {
  if (text !== null) toast(text, { failure: true });
}

/** Files go to the server at once; `take` then gets what a message refers to them by. `tell` says what went wrong,
 *  where the page is covered by a dialog and a toast could not be seen. */
export function useUploads(take: (done: Upload) => void, tell: (text: string | null) => void = tellInToast) {
  const [running, setRunning] = useState<{ key: string; name: string }[]>([]);
  const next = useRef(1);
  const one = async (file: File, onFailed?: () => void) => {
    if (file.size > upload_bytes_max) {
      onFailed?.();
      tell(t('composer.too_big', { name: file.name, size: bytes(upload_bytes_max) }));
      return;
    }
    const key = String(next.current++);
    setRunning((old) => [...old, { key, name: file.name }]);
    try {
      const content_type = file.type || 'application/octet-stream';
      take(await api.upload<Upload>(`/uploads${query({ filename: file.name || 'image.png', content_type })}`, file));
    } catch (error) {
      onFailed?.();
      tell(failureText(error));
    } finally {
      setRunning((old) => old.filter((other) => other.key !== key));
    }
  };
  const add = (files: Iterable<File>, onFailed?: () => void) => {
    for (const file of files) void one(file, onFailed);
  };
  const take_from = (event: ClipboardEvent | DragEvent, data: DataTransfer) => {
    if (data.files.length === 0) return;
    event.preventDefault();
    add(data.files);
  };
  /** For the element that files may be dropped on. */
  const dropping = {
    onDragOver: (event: DragEvent) => event.dataTransfer.types.includes('Files') && event.preventDefault(),
    onDrop: (event: DragEvent) => take_from(event, event.dataTransfer),
  };
  const onPaste = (event: ClipboardEvent) => take_from(event, event.clipboardData);
  return { add, running, busy: running.length, dropping, onPaste };
}
