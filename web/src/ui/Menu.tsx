import {
  createContext,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useContext,
  useEffect,
  useRef,
  useState,
} from 'react';
import { IconCheck } from './icons';
import classes from './Menu.module.css';
import { Popover } from './Popover';
import type { Placement } from './place';

const Closing = createContext<() => void>(() => {});

/** What the button of a menu must pass on to the element that it draws. */
export interface MenuButton {
  ref: RefObject<HTMLButtonElement | null>;
  'aria-haspopup': 'menu';
  'aria-expanded': boolean;
  onPointerDown: () => void;
  onClick: () => void;
}

interface Props {
  label: string;
  button: (props: MenuButton) => ReactNode;
  children: ReactNode;
  placement?: Placement;
  width?: number;
  /** Takes over opening and closing, for menus that a shortcut opens too. */
  opened?: boolean;
  onOpened?: (opened: boolean) => void;
}

/** A button with a menu, worked by mouse, touch and the keys that menus have. */
export function Menu({ label, button, children, placement, width, opened: forced, onOpened }: Props) {
  const [own, setOwn] = useState(false);
  const opened = forced ?? own;
  const set = (next: boolean) => {
    setOwn(next);
    onOpened?.(next);
  };
  const control = useRef<HTMLButtonElement>(null);
  // A click on the button closes the layer before the click itself is told; it must not open it again.
  const was = useRef(false);
  return (
    <>
      {button({
        ref: control,
        'aria-haspopup': 'menu',
        'aria-expanded': opened,
        onPointerDown: () => {
          was.current = opened;
        },
        onClick: () => {
          set(!was.current && !opened);
          was.current = false;
        },
      })}
      <MenuLayer
        label={label}
        anchor={control}
        opened={opened}
        onClose={() => set(false)}
        placement={placement}
        width={width}
      >
        {children}
      </MenuLayer>
    </>
  );
}

interface LayerProps {
  label: string;
  anchor: RefObject<Element | null>;
  opened: boolean;
  onClose: () => void;
  placement?: Placement;
  width?: number;
  children: ReactNode;
}

/** The menu without its button, for what opens it in other ways. */
export function MenuLayer({ label, anchor, opened, onClose, placement, width, children }: LayerProps) {
  const list = useRef<HTMLDivElement>(null);
  const items = () => [
    ...(list.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]:not([aria-disabled="true"])') ?? []),
  ];
  useEffect(() => {
    if (!opened) return;
    list.current?.querySelector<HTMLElement>('[role^="menuitem"]')?.focus({ preventScroll: true });
  }, [opened]);
  const keyDown = (event: KeyboardEvent) => {
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const go = (index: number) => {
      event.preventDefault();
      all.at(index)?.focus();
    };
    event.stopPropagation();
    if (event.key === 'ArrowDown') go((at + 1) % all.length);
    else if (event.key === 'ArrowUp') go(at <= 0 ? -1 : at - 1);
    else if (event.key === 'Home') go(0);
    else if (event.key === 'End') go(-1);
    else if (event.key === 'Tab') onClose();
    else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && event.key !== ' ') {
      const letter = event.key.toLocaleLowerCase();
      const next = [...all.slice(at + 1), ...all.slice(0, at + 1)].find((item) =>
        item.textContent?.trim().toLocaleLowerCase().startsWith(letter),
      );
      next?.focus();
    }
  };
  return (
    <Popover anchor={anchor} opened={opened} onClose={onClose} placement={placement}>
      <div
        ref={list}
        role="menu"
        tabIndex={-1}
        aria-label={label}
        className={classes.menu}
        style={{ inlineSize: width }}
        onKeyDown={keyDown}
      >
        <Closing value={onClose}>{children}</Closing>
      </div>
    </Popover>
  );
}

interface ItemProps {
  icon?: ReactNode;
  children: ReactNode;
  /** Words at the far end, such as a key. */
  end?: ReactNode;
  onSelect?: () => void;
  href?: string;
  /** Makes it one of several to choose from. */
  checked?: boolean;
  /** Several may be chosen at once. */
  several?: boolean;
  keepOpen?: boolean;
  danger?: boolean;
}

export function MenuItem({
  icon,
  children,
  end,
  onSelect,
  href,
  checked,
  several,
  keepOpen,
  danger,
}: ItemProps) {
  const close = useContext(Closing);
  const shared = {
    className: classes.item,
    tabIndex: -1,
    'data-danger': danger || undefined,
    onPointerMove: (event: { currentTarget: HTMLElement }) =>
      event.currentTarget.focus({ preventScroll: true }),
    onClick: () => {
      if (!keepOpen) close();
      onSelect?.();
    },
  };
  const inside = (
    <>
      {icon ? (
        <span className={classes.icon} aria-hidden="true">
          {icon}
        </span>
      ) : null}
      <span className={classes.words}>{children}</span>
      {checked ? <IconCheck size={16} aria-hidden="true" /> : end}
    </>
  );
  if (href)
    return (
      <a role="menuitem" href={href} target="_blank" rel="noreferrer" {...shared}>
        {inside}
      </a>
    );
  if (checked === undefined)
    return (
      <button type="button" role="menuitem" {...shared}>
        {inside}
      </button>
    );
  return several ? (
    <button type="button" role="menuitemcheckbox" aria-checked={checked} {...shared}>
      {inside}
    </button>
  ) : (
    <button type="button" role="menuitemradio" aria-checked={checked} {...shared}>
      {inside}
    </button>
  );
}

export function MenuLine() {
  return <hr className={classes.line} />;
}
