import { type HTMLAttributes, type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import classes from './Popover.module.css';
import { type Placement, place } from './place';

interface Props extends Omit<HTMLAttributes<HTMLDivElement>, 'onToggle'> {
  anchor: RefObject<Element | null>;
  opened: boolean;
  onClose: () => void;
  placement?: Placement;
}

const usual: Placement = { side: 'below', align: 'start' };

/**
 * A layer beside a control, in the browser's top layer: nothing cuts it off,
 * and a click elsewhere or Escape closes it without any of our own code.
 */
export function Popover({ anchor, opened, onClose, placement = usual, className, children, ...rest }: Props) {
  const layer = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  useEffect(() => {
    close.current = onClose;
  });
  const { side, align } = placement;
  useLayoutEffect(() => {
    const shown = layer.current;
    const control = anchor.current;
    if (!opened || !shown || !control) return;
    shown.showPopover();
    place(shown, control, { side, align });
    const again = () => place(shown, control, { side, align });
    const resized = new ResizeObserver(again);
    resized.observe(shown);
    window.addEventListener('resize', again);
    const toggled = (event: Event) => {
      if ((event as ToggleEvent).newState === 'closed') close.current();
    };
    shown.addEventListener('toggle', toggled);
    return () => {
      resized.disconnect();
      window.removeEventListener('resize', again);
      shown.removeEventListener('toggle', toggled);
      if (shown.matches(':popover-open')) shown.hidePopover();
    };
  }, [anchor, opened, side, align]);
  if (!opened) return null;
  return (
    <div ref={layer} popover="auto" className={`${classes.layer} ${className ?? ''}`} {...rest}>
      {children}
    </div>
  );
}
