import { type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { duration } from '~/lib/format';
import { IconMic, IconPause, IconPlay } from '~/ui/icons';
import classes from './Sound.module.css';

const speeds = [1, 1.5, 2] as const;
let playing: HTMLAudioElement | null = null;

interface Props {
  url: string;
  voice: boolean;
  onExpired: () => void;
  stamp: ReactNode;
}

/** A voice note or other sound: play, seek, faster; one sounds at a time. */
export function Sound({ url, voice, onExpired, stamp }: Props) {
  const { t } = useTranslation();
  const audio = useRef<HTMLAudioElement>(null);
  const [on, setOn] = useState(false);
  const [at, setAt] = useState(0);
  const [length, setLength] = useState(0);
  const [speed, setSpeed] = useState(0);
  const toggle = () => {
    const player = audio.current;
    if (!player) return;
    if (!player.paused) return player.pause();
    if (playing !== player) playing?.pause();
    playing = player;
    player.play().catch(() => setOn(false));
  };
  const faster = () => {
    const next = (speed + 1) % speeds.length;
    setSpeed(next);
    if (audio.current) audio.current.playbackRate = speeds[next] ?? 1;
  };
  const known = Number.isFinite(length) && length > 0;
  return (
    <div className={classes.sound}>
      {/* biome-ignore lint/a11y/useMediaCaption: a customer's voice has no captions. */}
      <audio
        ref={audio}
        src={url}
        preload="metadata"
        onLoadedMetadata={(event) => setLength(event.currentTarget.duration)}
        onDurationChange={(event) => setLength(event.currentTarget.duration)}
        onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
        onPlay={() => setOn(true)}
        onPause={() => setOn(false)}
        onEnded={() => {
          setOn(false);
          setAt(0);
        }}
        onError={onExpired}
      />
      <button
        type="button"
        className={classes.play}
        aria-label={t(on ? 'media.pause' : 'media.play')}
        onClick={toggle}
      >
        {on ? (
          <IconPause size={18} fill="currentColor" strokeWidth={0} aria-hidden="true" />
        ) : (
          <IconPlay size={18} fill="currentColor" strokeWidth={0} aria-hidden="true" />
        )}
      </button>
      <div className={classes.track}>
        <input
          type="range"
          className={classes.range}
          aria-label={t('media.position')}
          min={0}
          max={known ? length : 1}
          step={0.1}
          value={known ? Math.min(at, length) : 0}
          disabled={!known}
          style={{ '--share': known ? `${(at / length) * 100}%` : '0%' } as React.CSSProperties}
          onChange={(event) => {
            const next = Number(event.currentTarget.value);
            setAt(next);
            if (audio.current) audio.current.currentTime = next;
          }}
        />
        <span className={classes.foot}>
          {voice ? <IconMic size={13} strokeWidth={2} aria-hidden="true" /> : null}
          <span className={classes.time}>{duration(on || at > 0 ? at : known ? length : 0)}</span>
          {stamp}
        </span>
      </div>
      <button type="button" className={classes.speed} aria-label={t('media.speed')} onClick={faster}>
        {t('bubble.times', { count: speeds[speed] ?? 1 })}
      </button>
    </div>
  );
}
