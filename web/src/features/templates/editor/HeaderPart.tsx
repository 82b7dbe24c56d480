import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { keepMedia, useFile } from '~/features/media/api';
import { Segments } from '~/ui/Segments';
import { HeaderFile } from '../HeaderFile';
import { placesIn } from '../preview/drawing';
import { useEditing } from './context';
import classes from './Editor.module.css';
import { GroupProblems, LineField } from './Field';
import { FormPart } from './FormPart';
import { type HeaderChoice, headerKinds, most } from './form';

/** What stands above the words. */
export function HeaderPart() {
  const { t } = useTranslation();
  const { form, set, said } = useEditing();
  const { header, headerText, headerSample, file, named } = form;
  const [place] = placesIn(headerText);
  const client = useQueryClient();
  const shown = useFile(file?.drawn);
  const media = header === 'image' || header === 'video' || header === 'document' ? header : null;
  return (
    <FormPart title={t('editor.header')} lead={t('editor.headerLead')}>
      <Segments
        name="header"
        label={t('editor.header')}
        value={header}
        choices={headerKinds.map((value) => ({ value, text: t(`editor.headers.${value}`) }))}
        onChange={(value) => {
          const next = value as HeaderChoice;
          // A sample fits one kind of header only.
          set({ header: next, file: next === 'text' || next === 'none' || next === header ? file : null });
        }}
      />
      {header === 'text' ? (
        <>
          <LineField
            path="header.text"
            label={t('editor.headerText')}
            value={headerText}
            max={most.header}
            dir="auto"
            onValue={(text) => set({ headerText: text })}
          />
          {place ? (
            <LineField
              path="header.example"
              label={t('editor.sampleFor', { name: `{{${place}}}` })}
              value={headerSample}
              dir="auto"
              onValue={(text) => set({ headerSample: text })}
            />
          ) : (
            <Button
              variant="default"
              className={classes.small}
              onClick={() =>
                set({ headerText: `${headerText.trimEnd()} {{${named ? 'name' : '1'}}}`.trimStart() })
              }
            >
              {t('editor.headerVariable')}
            </Button>
          )}
        </>
      ) : null}
      {media ? (
        <div data-path="header.media_id">
          <HeaderFile
            key={media}
            format={media}
            label={t('editor.sample')}
            kept={file ? (shown?.filename ?? t('editor.sampleKept')) : null}
            wrong={said('header.media_id').errors.length > 0}
            wrongWords={t('templateProblems.header_sample_required')}
            onFile={(chosen) => {
              if (chosen) keepMedia(client, chosen);
              set({ file: chosen ? { id: chosen.id, handle: null, drawn: chosen.id } : null });
            }}
          />
          <p className={classes.help}>{t(`editor.sampleHelp.${media}`)}</p>
        </div>
      ) : null}
      {header === 'location' ? <p className={classes.help}>{t('editor.locationNote')}</p> : null}
      <GroupProblems path="header.format" />
    </FormPart>
  );
}
