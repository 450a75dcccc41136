// A picture that is pasted or dropped into the text of a mail stands there; other files are attached.
import type { ClipboardEvent, DragEvent, RefObject } from 'react';
import type { Id } from '../api/types';
import { draft, editDraft } from '../state/drafts';
import { freeName, picture_types, withMarks, withoutMark } from './pictures';
import type { useUploads } from './useUploads';

export function usePictures(
  id: Id,
  box: RefObject<HTMLTextAreaElement | null>,
  uploads: ReturnType<typeof useUploads>,
) {
  const putMarks = (names: string[]) => {
    const { reply } = draft(id);
    const from = box.current?.selectionStart ?? reply.length;
    const put = withMarks(reply, from, box.current?.selectionEnd ?? from, names);
    editDraft(id, { reply: put.text });
    requestAnimationFrame(() => {
      box.current?.focus();
      box.current?.setSelectionRange(put.caret, put.caret);
    });
  };
  const place = (event: ClipboardEvent | DragEvent, files: FileList) => {
    if (![...files].some((file) => picture_types.has(file.type))) return false;
    event.preventDefault();
    event.stopPropagation();
    const taken = [...draft(id).attachments.map((one) => one.filename), ...uploads.running.map((one) => one.name)];
    const names: string[] = [];
    for (const file of files) {
      if (!picture_types.has(file.type)) {
        uploads.add([file]);
        continue;
      }
      const name = freeName(file.name || 'image.png', [...taken, ...names]);
      names.push(name);
      const renamed = new File([file], name, { type: file.type });
      uploads.add([renamed], () => editDraft(id, { reply: withoutMark(draft(id).reply, name) }));
    }
    putMarks(names);
    return true;
  };
  return {
    putMark: (name: string) => putMarks([name]),
    onPaste: (event: ClipboardEvent) => void (place(event, event.clipboardData.files) || uploads.onPaste(event)),
    onDrop: (event: DragEvent) => void place(event, event.dataTransfer.files),
  };
}
