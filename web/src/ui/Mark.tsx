/** The mark: a signal flag, divided diagonally. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <clipPath id="mark-shape">
        <rect x="2" y="2" width="28" height="28" rx="7" />
      </clipPath>
      <g clipPath="url(#mark-shape)">
        <path d="M2 2h28v28z" fill="#ffc629" />
        <path d="M2 2v28h28z" fill="#1a56db" />
      </g>
    </svg>
  );
}
