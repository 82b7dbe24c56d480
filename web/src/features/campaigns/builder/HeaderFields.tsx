import { Button, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Template } from '~/api/contract';
import { keepMedia } from '~/features/media/api';
import { HeaderFile } from '~/features/templates/HeaderFile';
import { headerOf } from '~/features/templates/variables';
import { IconCheck } from '~/ui/icons';
import classes from './MessageStep.module.css';
import type { Draft } from './useDraft';

/** The file or the place above the words. */
export function HeaderFields({ draft, template }: { draft: Draft; template: Template }) {
  const { t } = useTranslation();
  const { header } = draft.campaign;
  const client = useQueryClient();
  const [anew, setAnew] = useState(false);
  const format = headerOf(template);
  if (format === 'location') return <PlaceFields draft={draft} />;
  if (format !== 'image' && format !== 'video' && format !== 'document') return null;
  if (header?.media_id && !anew)
    return (
      <div className={classes.file}>
        <span className={classes.chips}>
          <IconCheck size={14} strokeWidth={2} aria-hidden="true" />
          {t(`builder.fileThere.${format}`)}
        </span>
        <Button variant="default" onClick={() => setAnew(true)}>
          {t('builder.changeFile')}
        </Button>
      </div>
    );
  return (
    <HeaderFile
      format={format}
      wrong={false}
      onFile={(media) => {
        if (media) keepMedia(client, media);
        draft.edit({ header: media ? { media_id: media.id } : null });
      }}
    />
  );
}

const names = ['latitude', 'longitude', 'name', 'address'] as const;

function PlaceFields({ draft }: { draft: Draft }) {
  const { t } = useTranslation();
  const place = draft.campaign.header?.location;
  const [typed, setTyped] = useState<Record<string, string>>({
    latitude: place ? String(place.latitude) : '',
    longitude: place ? String(place.longitude) : '',
    name: place?.name ?? '',
    address: place?.address ?? '',
  });
  const put = (next: Record<string, string>) => {
    setTyped(next);
    const [latitude, longitude] = [
      Number.parseFloat(next.latitude ?? ''),
      Number.parseFloat(next.longitude ?? ''),
    ];
    const onEarth = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
    draft.edit({
      header: onEarth
        ? { location: { latitude, longitude, name: next.name || null, address: next.address || null } }
        : null,
    });
  };
  return (
    <div className={classes.places}>
      {names.map((name) => (
        <TextInput
          key={name}
          label={t(`picker.place.${name}`)}
          inputMode={name === 'latitude' || name === 'longitude' ? 'decimal' : 'text'}
          value={typed[name] ?? ''}
          onChange={(event) => put({ ...typed, [name]: event.currentTarget.value })}
        />
      ))}
    </div>
  );
}
