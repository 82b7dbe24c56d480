import type { Media } from '~/api/contract';
import { apiUrl, getCsrfToken, problemFrom } from '~/api/http';
import { Unreachable } from '~/api/problem';
import type { FileKind } from './limits';

export interface Upload {
  done: Promise<Media>;
  cancel: () => void;
}

/** Sends a file to the server and tells how far it has come, from 0 to 1; only XHR knows that. */
export function upload(file: File, kind: FileKind, onProgress: (share: number) => void): Upload {
  const request = new XMLHttpRequest();
  const done = new Promise<Media>((resolve, reject) => {
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) {
        try {
          resolve(JSON.parse(request.responseText) as Media);
        } catch {
          reject(new Unreachable('answer cut off'));
        }
      } else
        reject(problemFrom(request.status, request.responseText, request.getResponseHeader('Retry-After')));
    };
    request.onerror = () => reject(new Unreachable('no answer'));
    request.onabort = () => reject(new DOMException('cancelled', 'AbortError'));
  });
  const form = new FormData();
  form.set('kind', kind);
  form.set('file', file, file.name);
  request.open('POST', apiUrl('/media'));
  request.setRequestHeader('X-CSRF-Token', getCsrfToken());
  request.setRequestHeader('Accept', 'application/json');
  request.send(form);
  return { done, cancel: () => request.abort() };
}
