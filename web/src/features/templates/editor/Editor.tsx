import { useComputedColorScheme } from '@mantine/core';
import { useWindowEvent } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FocusEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Template, TemplateProblem } from '~/api/contract';
import { Problem } from '~/api/problem';
import { useFile } from '~/features/media/api';
import { Section } from '~/features/settings/Section';
import { LeaveGuard } from '~/ui/LeaveGuard';
import { Segments } from '~/ui/Segments';
import { toast } from '~/ui/toast';
import { createTemplate, saveTemplate, submitTemplate, templateQuery } from '../list';
import { Notice } from '../Notice';
import { examplesOf } from '../preview/drawing';
import { TemplatePhone } from '../preview/TemplatePhone';
import { refusalWords } from '../refusals';
import { useSender } from '../useSender';
import { BasicsPart } from './BasicsPart';
import { BodyPart } from './BodyPart';
import { ButtonsPart } from './ButtonsPart';
import { CodePart } from './CodePart';
import { EditingContext } from './context';
import classes from './Editor.module.css';
import { FooterPart } from './FooterPart';
import { componentsOf, draftOf, type Form } from './form';
import { HeaderPart } from './HeaderPart';
import { isError, pathOf, problemsByField, problemWords } from './problems';
import { SaveBar } from './SaveBar';
import { useCheck } from './useCheck';

interface Props {
  /** What is edited; null for what is new. */
  template: Template | null;
  initial: Form;
  title: string;
  back: ReactNode;
}

const AFTER_LEAVING_MS = 200;

/** Fields that have their own place in the form; what is wrong elsewhere is said above it. */
const placed =
  /^(name|language|category|header\.(text|example|media_id|format)|body\.(text|example)|footer\.(text|code_expiration_minutes)|buttons(\.\d+\.(text|url|example|phone_number))?)$/;

/** What Meta said to the last submission, at the field that it meant. */
function refusalOf(template: Template | null): TemplateProblem[] {
  const { refusal = null } = template ?? {};
  return refusal?.field ? [{ field: refusal.field, code: refusal.code, message: refusal.words }] : [];
}

/** The form on one side, the phone on the other, and at the foot how it stands and the ways on. */
export function Editor({ template, initial, title, back }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const client = useQueryClient();
  const scheme = useComputedColorScheme('light');
  const element = useRef<HTMLFormElement>(null);
  const [form, setForm] = useState(initial);
  const [saved, setSaved] = useState(() => JSON.stringify(draftOf(initial)));
  const [reached, setReached] = useState<ReadonlySet<string>>(new Set());
  const [lately, setLately] = useState<ReadonlySet<string>>(new Set());
  const [asked, setAsked] = useState(false);
  const [refused, setRefused] = useState<TemplateProblem[]>(() => refusalOf(template));
  const [busy, setBusy] = useState<'save' | 'submit' | null>(null);
  const [side, setSide] = useState('write');
  const [look, setLook] = useState<'light' | 'dark' | null>(null);
  const leaving = useRef(false);
  // A new one is there as soon as it was saved, also where its submission was refused after that.
  const there = useRef(template);
  const wantsFirst = useRef(false);
  const sender = useSender(form.wabaId || null) ?? t('templates.one');

  const draft = draftOf(form);
  const text = JSON.stringify(draft);
  const dirty = text !== saved;
  const checked = useCheck(text);
  const problems = [...checked.problems, ...refused];
  const isDraft = template === null || template.status === 'draft';
  const said = problemsByField(problems, (path) => asked || reached.has(path));
  const elsewhere = problems.filter((each) => isError(each) && !placed.test(pathOf(each.field)));
  const set = (change: Partial<Form>) => {
    setForm((old) => ({ ...old, ...change }));
    setRefused([]);
    wantsFirst.current = false;
  };

  // What is missing is said a moment after a field was left and by an answer about what is in it now:
  // words that came at once would move the form away under the click that left the field.
  const shown = useFile(form.file?.drawn);
  const left = (event: FocusEvent) => {
    const path = (event.target as Element).closest<HTMLElement>('[data-path]')?.dataset.path;
    if (path) setTimeout(() => setLately((old) => new Set([...old, path])), AFTER_LEAVING_MS);
  };
  useEffect(() => {
    if (!checked.current || lately.size === 0) return;
    setReached((old) => new Set([...old, ...lately]));
    setLately(new Set());
  }, [checked.current, lately]);
  const showFirst = () => {
    setAsked(true);
    setSide('write');
    wantsFirst.current = true;
  };
  // The first wrong field may be drawn only after the answer that says so.
  useEffect(() => {
    if (!wantsFirst.current) return;
    const first = element.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-invalid]');
    if (!first) return;
    wantsFirst.current = false;
    first.focus();
    first.scrollIntoView({ block: 'center' });
  });

  const run = async (how: 'save' | 'submit') => {
    if (busy) return;
    setBusy(how);
    try {
      if (how === 'submit' && (await checked.now())?.some(isError)) {
        showFirst();
        return;
      }
      let kept = there.current;
      if (!kept) kept = await createTemplate(draft);
      else if (dirty) kept = await saveTemplate(kept.id, { ...draft, revision: kept.revision });
      there.current = kept;
      setSaved(text);
      client.setQueryData(templateQuery(kept.id).queryKey, kept);
      if (how === 'submit') await submitTemplate(kept.id);
      void client.invalidateQueries({ queryKey: ['templates'] });
      leaving.current = true;
      toast(t(how === 'submit' ? 'editor.submitted' : 'editor.savedDraft'));
      const params = { templateId: kept.id };
      if (how === 'submit') await navigate({ to: '/templates/$templateId', params });
      else if (!template) await navigate({ to: '/templates/$templateId/edit', params, replace: true });
    } catch (error) {
      const fields = error instanceof Problem ? (error.body.errors ?? []) : [];
      setRefused(fields.map(({ field, code, message }) => ({ field, code, message })));
      if (fields.length > 0) showFirst();
      else toast(refusalWords(t, error), { tone: 'danger' });
    } finally {
      leaving.current = false;
      setBusy(null);
    }
  };

  const keyDown = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey)) return;
    if (event.key === 's') {
      event.preventDefault();
      if (dirty || !template) void run('save');
    } else if (event.key === 'Enter') {
      event.preventDefault();
      void run('submit');
    }
  };
  // Wherever the focus is: the form has no field that would want these keys for itself.
  useWindowEvent('keydown', keyDown);
  const components = componentsOf(form);

  return (
    <EditingContext
      value={{ form, set, said, submitted: !isDraft, approved: template?.status === 'approved' }}
    >
      <Section title={title} back={back} wide>
        <form
          ref={element}
          className={classes.editor}
          data-side={side}
          noValidate
          onBlur={left}
          onSubmit={(event) => event.preventDefault()}
        >
          <div className={classes.sides}>
            <Segments
              name="side"
              label={t('editor.side')}
              value={side}
              choices={[
                { value: 'write', text: t('editor.write') },
                { value: 'phone', text: t('editor.phone') },
              ]}
              onChange={setSide}
            />
          </div>
          <div className={classes.fields}>
            {elsewhere.length > 0 ? (
              <Notice tone="danger" title={t('editor.mend', { count: elsewhere.length })}>
                {elsewhere.map((each) => (
                  <p key={`${each.field} ${each.code}`}>{problemWords(t, each)}</p>
                ))}
              </Notice>
            ) : null}
            <BasicsPart />
            {form.category === 'authentication' ? (
              <CodePart />
            ) : (
              <>
                <HeaderPart />
                <BodyPart />
                <FooterPart />
                <ButtonsPart />
              </>
            )}
          </div>
          <div className={classes.phone}>
            <TemplatePhone
              sender={sender}
              components={components}
              values={examplesOf(components)}
              media={shown}
              language={form.language || 'en'}
              look={look ?? undefined}
            />
            <div>
              <Segments
                name="look"
                label={t('editor.look')}
                value={look ?? scheme}
                choices={[
                  { value: 'light', text: t('editor.lookLight') },
                  { value: 'dark', text: t('editor.lookDark') },
                ]}
                onChange={(value) => setLook(value === 'dark' ? 'dark' : 'light')}
              />
            </div>
          </div>
          <SaveBar
            problems={problems}
            current={checked.current}
            failed={checked.failed}
            dirty={dirty}
            isNew={!template}
            isDraft={isDraft}
            busy={busy}
            onShow={showFirst}
            onSave={() => void run('save')}
            onSubmit={() => void run('submit')}
          />
        </form>
      </Section>
      <LeaveGuard dirty={dirty} leaving={leaving} />
    </EditingContext>
  );
}
