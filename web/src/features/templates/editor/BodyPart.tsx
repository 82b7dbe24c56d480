import { type KeyboardEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Segments } from '~/ui/Segments';
import { placesIn } from '../preview/drawing';
import { apply, BodyTools, markOfKey } from './BodyTools';
import { useEditing } from './context';
import classes from './Editor.module.css';
import { AreaField, LineField } from './Field';
import { FormPart } from './FormPart';
import { most } from './form';
import { marked, nameFor, renamed } from './marking';

/** What the message says, its variables and their samples. */
export function BodyPart() {
  const { t } = useTranslation();
  const { form, set, said } = useEditing();
  const { body, samples, named, headerText } = form;
  const area = useRef<HTMLTextAreaElement>(null);
  const places = placesIn(body);
  const gaps = said('body.text').errors.some(({ code }) => code === 'variables_not_consecutive');

  const keyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const mark =
      (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey ? markOfKey(event.key) : undefined;
    if (!mark) return;
    event.preventDefault();
    const { value, selectionStart, selectionEnd } = event.currentTarget;
    apply(event.currentTarget, marked(value, selectionStart, selectionEnd, mark));
  };
  const switchKind = (toNamed: boolean) => {
    const nameOf = toNamed ? nameFor : (_: string, at: number) => String(at + 1);
    const next = renamed(body, samples, nameOf);
    set({
      named: toNamed,
      body: next.text,
      samples: next.samples,
      headerText: renamed(headerText, {}, toNamed ? nameFor : () => '1').text,
    });
  };
  const renumber = () => {
    const next = renamed(body, samples, (_, at) => String(at + 1));
    set({ body: next.text, samples: next.samples });
  };

  return (
    <FormPart title={t('editor.body')} lead={t('editor.bodyLead')}>
      <div className={classes.writing}>
        <BodyTools area={area} named={named} />
        <AreaField
          area={area}
          path="body.text"
          aria-label={t('editor.body')}
          value={body}
          max={most.body}
          minRows={6}
          maxRows={18}
          dir="auto"
          onKeyDown={keyDown}
          onValue={(text) => set({ body: text })}
        />
      </div>
      {gaps ? (
        <button type="button" className={classes.mend} onClick={renumber}>
          {t('editor.renumber')}
        </button>
      ) : null}
      <div className={classes.inline}>
        <span className={classes.label}>{t('editor.variables')}</span>
        <Segments
          name="named"
          label={t('editor.variables')}
          value={named ? 'named' : 'positional'}
          choices={[
            { value: 'named', text: t('editor.variableKinds.named') },
            { value: 'positional', text: t('editor.variableKinds.positional') },
          ]}
          onChange={(value) => switchKind(value === 'named')}
        />
      </div>
      {places.length > 0 ? (
        <fieldset className={classes.samples}>
          <legend className={classes.label}>{t('editor.samples')}</legend>
          <p className={classes.help}>{t('editor.samplesLead')}</p>
          <div className={classes.sampleList}>
            {places.map((name) => (
              <LineField
                key={name}
                path="body.example"
                variable={name}
                label={<code className={classes.place}>{`{{${name}}}`}</code>}
                aria-label={t('editor.sampleFor', { name: `{{${name}}}` })}
                value={samples[name] ?? ''}
                dir="auto"
                onValue={(text) => set({ samples: { ...samples, [name]: text } })}
              />
            ))}
          </div>
        </fieldset>
      ) : null}
    </FormPart>
  );
}
