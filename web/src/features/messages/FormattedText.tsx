import { Fragment, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './FormattedText.module.css';
import { type Block, format, type Inline, isJumbo } from './formatting';

/** Longer texts are folded until somebody wants the rest. */
const LONG = 1200;

function Pieces({ pieces }: { pieces: Inline[] }) {
  return pieces.map((piece, index) => {
    const key = `${index}-${piece.kind}`;
    switch (piece.kind) {
      case 'text':
        return <Fragment key={key}>{piece.text}</Fragment>;
      case 'bold':
        return (
          <strong key={key}>
            <Pieces pieces={piece.children} />
          </strong>
        );
      case 'italic':
        return (
          <em key={key}>
            <Pieces pieces={piece.children} />
          </em>
        );
      case 'struck':
        return (
          <s key={key}>
            <Pieces pieces={piece.children} />
          </s>
        );
      case 'code':
        return (
          <code key={key} className={classes.code}>
            {piece.text}
          </code>
        );
      case 'link':
        return (
          <a key={key} href={piece.href} target="_blank" rel="noreferrer nofollow" className={classes.link}>
            {piece.text}
          </a>
        );
    }
    return null;
  });
}

function OneBlock({ block, last }: { block: Block; last: boolean }) {
  switch (block.kind) {
    case 'quote':
      return (
        <span className={classes.quote}>
          <Pieces pieces={block.children} />
        </span>
      );
    case 'item':
      return (
        <span className={classes.item}>
          <span className={classes.marker}>{block.marker}</span>
          <span>
            <Pieces pieces={block.children} />
          </span>
        </span>
      );
    case 'code':
      return <code className={classes.block}>{block.text}</code>;
    case 'line':
      return (
        <>
          <Pieces pieces={block.children} />
          {last ? null : '\n'}
        </>
      );
  }
}

/** A text as WhatsApp draws it. `end` stands at the end of its last line where there is room. */
export function FormattedText({ text, end }: { text: string; end?: ReactNode }) {
  const { t } = useTranslation();
  const [unfolded, setUnfolded] = useState(false);
  const folded = !unfolded && text.length > LONG * 1.2;
  const shown = folded ? `${text.slice(0, LONG).replace(/\s+\S*$/, '')}…` : text;
  const blocks = format(shown);
  return (
    <div dir="auto" className={classes.text} data-jumbo={isJumbo(text) || undefined}>
      {blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a text have no other name.
        <OneBlock key={index} block={block} last={index === blocks.length - 1} />
      ))}
      {folded ? (
        <button type="button" className={classes.more} onClick={() => setUnfolded(true)}>
          {t('bubble.readMore')}
        </button>
      ) : null}
      {end}
    </div>
  );
}
