/** The answer mark: a bubble with one cut corner. */
export function Mark({ size = 32 }: { size?: number }) {
  return (
    <svg className="mark" width={size} height={size} viewBox="0 0 32 32" aria-hidden>
      <path className="mark-ground" d="M9 4h14a5 5 0 0 1 5 5v10a5 5 0 0 1-5 5H12l-8 5V9a5 5 0 0 1 5-5z" />
      <path
        className="mark-tick"
        d="M10 14.5l4 4 8-8.5"
        fill="none"
        strokeWidth="3"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
