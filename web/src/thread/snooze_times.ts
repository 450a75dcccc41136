// The usual times to come back to a conversation, in the agent's own time zone. Morning is 9 o'clock.
interface SnoozeTime {
  name: 'later_today' | 'tomorrow' | 'monday' | 'next_week';
  at: Date;
}

const morning_h = 9;
const later_h = 3;
const evening_h = 18;

function morning(from: Date, days: number): Date {
  const at = new Date(from);
  at.setDate(at.getDate() + days);
  at.setHours(morning_h, 0, 0, 0);
  return at;
}

export function snoozeTimes(now: Date): SnoozeTime[] {
  const times: SnoozeTime[] = [];
  const later = new Date(now.getTime() + later_h * 3_600_000);
  if (later.getDate() === now.getDate() && later.getHours() <= evening_h)
    times.push({ name: 'later_today', at: later });
  times.push({ name: 'tomorrow', at: morning(now, 1) });
  const to_monday = (8 - now.getDay()) % 7 || 7;
  if (to_monday > 1) times.push({ name: 'monday', at: morning(now, to_monday) });
  times.push({ name: 'next_week', at: morning(now, 7) });
  return times;
}

/** For an `<input type="datetime-local">`: local time without a zone. */
export function localInput(at: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
