const narrow = window.matchMedia('(max-width: 719px)');

/** One pane at a time: the width is below 720 px. */
export function isStacked(): boolean {
  return narrow.matches;
}
