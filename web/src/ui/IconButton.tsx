import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import classes from './IconButton.module.css';

interface Props extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'aria-label' | 'type'> {
  /** Said to screen readers and shown as the tip. */
  label: string;
  /** The tip beside it is kept away where the words would only repeat what stands there. */
  tip?: boolean;
  size?: number;
  tone?: 'quiet' | 'primary';
  children: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

/** A button that shows an icon only. */
export function IconButton({
  label,
  tip = true,
  size = 36,
  tone = 'quiet',
  children,
  className,
  ...rest
}: Props) {
  return (
    <button
      type="button"
      aria-label={label}
      data-tip={tip ? label : undefined}
      data-tone={tone}
      className={`${classes.button} ${className ?? ''}`}
      style={{ inlineSize: size, blockSize: size }}
      {...rest}
    >
      {children}
    </button>
  );
}
