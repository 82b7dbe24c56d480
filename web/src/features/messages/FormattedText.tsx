import { Fragment, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './FormattedText.module.css';
import { type Block, format, type Inline, isJumbo } from './formatting';

/** Longer texts are folded until somebody wants the rest. */
const LONG = 1200;

/** What stands between double braces, so that an open place of a template is seen as one. */
export function WithPlaces({ text }: { text: string }) {
  return text.split(/(\{\{[^{}]*\}\})/).map((part, index) =>
    index % 2 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text have no other name.
      <bdi key={index} className={classes.place}>
        {part}
      </bdi>
    ) : (
      part
    ),
  );
}

function Pieces({ pieces, places }: { pieces: Inline[]; places: boolean }) {
  return pieces.map((piece, index) => {
    const key = `${index}-${piece.kind}`;
    switch (piece.kind) {
      case 'text':
        return <Fragment key={key}>{places ? <WithPlaces text={piece.text} /> : piece.text}</Fragment>;
      case 'bold':
        return (
          <strong key={key}>
            <Pieces pieces={piece.children} places={places} />
          </strong>
        );
      case 'italic':
        return (
          <em key={key}>
            <Pieces pieces={piece.children} places={places} />
          </em>
        );
      case 'struck':
        return (
          <s key={key}>
            <Pieces pieces={piece.children} places={places} />
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

function OneBlock({ block, last, places }: { block: Block; last: boolean; places: boolean }) {
  switch (block.kind) {
    case 'quote':
      return (
        <span className={classes.quote}>
          <Pieces pieces={block.children} places={places} />
        </span>
      );
    case 'item':
      return (
        <span className={classes.item}>
          <span className={classes.marker}>{block.marker}</span>
          <span>
            <Pieces pieces={block.children} places={places} />
          </span>
        </span>
      );
    case 'code':
      return <code className={classes.block}>{block.text}</code>;
    case 'line':
      return (
        <>
          <Pieces pieces={block.children} places={places} />
          {last ? null : '\n'}
        </>
      );
  }
}

interface Props {
  text: string;
  /** Stands at the end of the last line where there is room. */
  end?: ReactNode;
  /** Shows the open places of a template as such. */
  places?: boolean;
}

/** A text as WhatsApp draws it. */
export function FormattedText({ text, end, places = false }: Props) {
  const { t } = useTranslation();
  const [unfolded, setUnfolded] = useState(false);
  const folded = !unfolded && text.length > LONG * 1.2;
  const shown = folded ? `${text.slice(0, LONG).replace(/\s+\S*$/, '')}…` : text;
  const blocks = format(shown);
  return (
    <div dir="auto" className={classes.text} data-jumbo={isJumbo(text) || undefined}>
      {blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a text have no other name.
        <OneBlock key={index} block={block} last={index === blocks.length - 1} places={places} />
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
