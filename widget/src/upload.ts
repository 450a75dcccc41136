// One file on its way to the server. XMLHttpRequest, because fetch tells nothing of an upload's progress.
import type { Attachment } from './protocol';

export interface Upload {
  done: Promise<Attachment>;
  cancel(): void;
}

export function upload(url: string, token: string, file: File, progress: (percent: number) => void): Upload {
  const request = new XMLHttpRequest();
  const type = file.type || 'application/octet-stream';
  const done = new Promise<Attachment>((resolve, reject) => {
    request.open('POST', `${url}?filename=${encodeURIComponent(file.name)}&content_type=${encodeURIComponent(type)}`);
    request.setRequestHeader('authorization', `Bearer ${token}`);
    request.setRequestHeader('content-type', type);
    request.responseType = 'json';
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) progress(Math.floor((event.loaded / event.total) * 100));
    };
    request.onload = () => {
      const answer = request.response as { id?: string } | null;
      if (request.status < 300 && answer?.id) resolve({ id: answer.id, filename: file.name, size: file.size });
      else reject(new Error(String(request.status)));
    };
    request.onerror = request.onabort = () => reject(new Error('network'));
    request.send(file);
  });
  return { done, cancel: () => request.abort() };
}
