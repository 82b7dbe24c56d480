import { useEffect, useRef, useState } from 'react';
import { place } from './place';
import classes from './Tips.module.css';

const PAUSE_MS = 350;

/**
 * The small dark labels of controls without words: any element with `data-tip`
 * has one, on hover and on keyboard focus. `data-tip-side="beside"` puts it at
 * the side. They repeat what `aria-label` says, so screen readers skip them.
 */
export function Tips() {
  const layer = useRef<HTMLDivElement>(null);
  const [words, setWords] = useState('');
  useEffect(() => {
    let waiting: ReturnType<typeof setTimeout> | undefined;
    let over: HTMLElement | null = null;
    const hide = () => {
      clearTimeout(waiting);
      over = null;
      if (layer.current?.matches(':popover-open')) layer.current.hidePopover();
    };
    const show = (control: HTMLElement) => {
      setWords(control.dataset.tip ?? '');
      requestAnimationFrame(() => {
        const shown = layer.current;
        if (over !== control || !shown || !control.isConnected) return;
        shown.showPopover();
        place(shown, control, {
          side: control.dataset.tipSide === 'beside' ? 'beside' : 'below',
          align: control.dataset.tipAlign === 'end' ? 'end' : 'start',
        });
      });
    };
    const enter = (event: Event) => {
      const control =
        event.target instanceof Element ? event.target.closest<HTMLElement>('[data-tip]') : null;
      if (control === over) return;
      hide();
      if (!control || control.ariaExpanded === 'true') return;
      if (event instanceof PointerEvent && event.pointerType === 'touch') return;
      if (event.type === 'focusin' && !control.matches(':focus-visible')) return;
      over = control;
      waiting = setTimeout(() => show(control), PAUSE_MS);
    };
    document.addEventListener('pointerover', enter);
    document.addEventListener('focusin', enter);
    document.addEventListener('pointerdown', hide);
    document.addEventListener('keydown', hide);
    return () => {
      hide();
      document.removeEventListener('pointerover', enter);
      document.removeEventListener('focusin', enter);
      document.removeEventListener('pointerdown', hide);
      document.removeEventListener('keydown', hide);
    };
  }, []);
  return (
    <div ref={layer} popover="manual" className={classes.tip} aria-hidden="true">
      {words}
    </div>
  );
}
