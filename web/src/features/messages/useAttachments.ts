import { useEffect, useRef, useState } from 'react';
import type { Media } from '~/api/contract';
import { type FileKind, type Fit, fitOf } from '~/features/media/limits';
import { type Upload, upload } from '~/features/media/upload';

export interface Attachment {
  key: string;
  file: File;
  fit: Fit;
  /** An address for the small picture; null where there is none. */
  thumbnail: string | null;
  /** From 0 to 1. */
  progress: number;
  media: Media | null;
  failure: unknown;
}

const hasThumbnail = (kind: FileKind): boolean => kind === 'image';

/** The files of the composer: each is sent to the server as soon as it is chosen. */
export function useAttachments() {
  const [attachments, setAttachments] = useState<Attachment[]>([]);
  const uploads = useRef(new Map<string, Upload>());
  const change = (key: string, patch: Partial<Attachment>) =>
    setAttachments((all) => all.map((each) => (each.key === key ? { ...each, ...patch } : each)));

  const start = (key: string, file: File, kind: FileKind) => {
    const running = upload(file, kind, (progress) => change(key, { progress }));
    uploads.current.set(key, running);
    running.done.then(
      (media) => change(key, { media, progress: 1 }),
      (failure) => {
        if (!(failure instanceof DOMException)) change(key, { failure });
      },
    );
  };

  const add = (files: File[]) => {
    const made = files.map((file): Attachment => {
      const fit = fitOf(file);
      return {
        key: crypto.randomUUID(),
        file,
        fit,
        thumbnail: hasThumbnail(fit.kind) ? URL.createObjectURL(file) : null,
        progress: 0,
        media: null,
        failure: null,
      };
    });
    setAttachments((all) => [...all, ...made]);
    for (const { key, file, fit } of made) if (!fit.refused) start(key, file, fit.kind);
  };

  const forget = (attachment: Attachment) => {
    uploads.current.get(attachment.key)?.cancel();
    uploads.current.delete(attachment.key);
    if (attachment.thumbnail) URL.revokeObjectURL(attachment.thumbnail);
  };
  const remove = (key: string) => {
    for (const each of attachments) if (each.key === key) forget(each);
    setAttachments((all) => all.filter((each) => each.key !== key));
  };
  const retry = (key: string) => {
    const attachment = attachments.find((each) => each.key === key);
    if (!attachment) return;
    change(key, { failure: null, progress: 0 });
    start(key, attachment.file, attachment.fit.kind);
  };
  const clear = () => {
    for (const each of attachments) forget(each);
    setAttachments([]);
  };

  const latest = useRef(attachments);
  useEffect(() => {
    latest.current = attachments;
  });
  useEffect(
    () => () => {
      for (const each of latest.current) {
        uploads.current.get(each.key)?.cancel();
        if (each.thumbnail) URL.revokeObjectURL(each.thumbnail);
      }
    },
    [],
  );
  return { attachments, add, remove, retry, clear };
}
