// Dates, numbers and sizes in the reader's language, by Intl. Formatters are kept, for making one costs 50 µs.
import { language } from './t';

const made = new Map<string, unknown>();
function kept<T>(name: string, make: (locale: string) => T): T {
  const key = `${language.get()}:${name}`;
  if (!made.has(key)) made.set(key, make(language.get() === 'en' ? 'en-GB' : language.get()));
  return made.get(key) as T;
}

/** Of the screens' language, for lang attributes and Intl. */
export function languageTag(): string {
  return language.get();
}

const day_ms = 86_400_000;

export function number(value: number): string {
  return kept('n', (locale) => new Intl.NumberFormat(locale)).format(value);
}

export function clock(time: string): string {
  return kept('t', (l) => new Intl.DateTimeFormat(l, { hour: '2-digit', minute: '2-digit' })).format(new Date(time));
}

export function dateTime(time: string): string {
  const options = { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } as const;
  return kept('dt', (l) => new Intl.DateTimeFormat(l, options)).format(new Date(time));
}

/** When something that was begun at `begun` happened: the date too, when that was on another day. */
export function clockSince(begun: string, time: string): string {
  const is_same_day = startOfDay(Date.parse(begun)) === startOfDay(Date.parse(time));
  return is_same_day ? clock(time) : dateTime(time);
}

export function fullDate(time: string): string {
  return kept('f', (l) => new Intl.DateTimeFormat(l, { dateStyle: 'full', timeStyle: 'short' })).format(new Date(time));
}

export function day(time: string): string {
  const options = { day: 'numeric', month: 'long', year: 'numeric' } as const;
  return kept('d', (l) => new Intl.DateTimeFormat(l, options)).format(new Date(time));
}

function startOfDay(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0);
}

/** "Today", "Yesterday", "Tuesday", or the date. */
export function dayName(time: string, now = Date.now()): string {
  const days = Math.round((startOfDay(now) - startOfDay(Date.parse(time))) / day_ms);
  if (days === 0 || days === 1) {
    const said = kept('rd', (l) => new Intl.RelativeTimeFormat(l, { numeric: 'auto' })).format(-days, 'day');
    return said.charAt(0).toUpperCase() + said.slice(1);
  }
  if (days > 1 && days < 7)
    return kept('w', (l) => new Intl.DateTimeFormat(l, { weekday: 'long' })).format(new Date(time));
  return day(time);
}

/** For how long somebody has waited, on the edge of a row: 5m, 3h, 2d. At least a minute. */
export function waited(time: string, now = Date.now()): string {
  const minutes = Math.max(1, Math.floor((now - Date.parse(time)) / 60_000));
  const unitDisplay = language.get() === 'en' ? 'narrow' : 'short'; // "5 min", for French keeps its spaces
  const short = (unit: 'minute' | 'hour' | 'day', value: number) =>
    kept(`u${unit}`, (l) => new Intl.NumberFormat(l, { style: 'unit', unit, unitDisplay })).format(value);
  if (minutes < 60) return short('minute', minutes);
  if (minutes < 24 * 60) return short('hour', Math.floor(minutes / 60));
  return short('day', Math.floor(minutes / (24 * 60)));
}

/** When something comes that is still ahead: a time today, a weekday with its time within a week, or a date. */
export function ahead(time: string, now = Date.now()): string {
  const days = Math.round((startOfDay(Date.parse(time)) - startOfDay(now)) / day_ms);
  if (days <= 0) return clock(time);
  if (days >= 7) return shortDate(time, now);
  const options = { weekday: 'short', hour: '2-digit', minute: '2-digit' } as const;
  return kept('wt', (l) => new Intl.DateTimeFormat(l, options)).format(new Date(time));
}

/** For the edge of a row: a span while it is short, then a weekday, then a date. */
export function ago(time: string, now = Date.now()): string {
  const past_ms = now - Date.parse(time);
  if (past_ms < day_ms) return waited(time, now);
  if (past_ms < 7 * day_ms) {
    return kept('ws', (l) => new Intl.DateTimeFormat(l, { weekday: 'short' })).format(new Date(time));
  }
  return shortDate(time, now);
}

function shortDate(time: string, now: number): string {
  const this_year = new Date(time).getFullYear() === new Date(now).getFullYear();
  if (this_year)
    return kept('dm', (l) => new Intl.DateTimeFormat(l, { day: 'numeric', month: 'short' })).format(new Date(time));
  return kept('dy', (l) => new Intl.DateTimeFormat(l, { dateStyle: 'short' })).format(new Date(time));
}

/** How long ago, or in how long, in words: 5 minutes ago; what is further away than a month, by its date. */
export function since(time: string, now = Date.now()): string {
  const seconds = Math.round((Date.parse(time) - now) / 1000);
  const format = kept('rel', (l) => new Intl.RelativeTimeFormat(l, { numeric: 'auto' }));
  if (Math.abs(seconds) < 60) return format.format(seconds, 'second');
  if (Math.abs(seconds) < 3600) return format.format(Math.round(seconds / 60), 'minute');
  if (Math.abs(seconds) < 86_400) return format.format(Math.round(seconds / 3600), 'hour');
  if (Math.abs(seconds) > 30 * 86_400) return day(time);
  return format.format(Math.round(seconds / 86_400), 'day');
}

/** How long something took: 8 ms, 45 secs, 12 mins, 5 hrs, 3 days. */
export function duration(ms: number): string {
  const units = [
    ['day', 86_400_000, 172_800_000],
    ['hour', 3_600_000, 7_200_000],
    ['minute', 60_000, 120_000],
    ['second', 1_000, 1_000],
    ['millisecond', 1, 0],
  ] as const; // with its length, and from how much on it is used
  const [unit, length] = units.find(([, , from]) => ms >= from) ?? units[4];
  const options = { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 0 } as const;
  return kept(`d${unit}`, (l) => new Intl.NumberFormat(l, options)).format(ms / length);
}

export function bytes(size: number): string {
  const unit = size >= 1_000_000 ? 'megabyte' : size >= 1_000 ? 'kilobyte' : 'byte';
  const value = unit === 'megabyte' ? size / 1_000_000 : unit === 'kilobyte' ? size / 1_000 : size;
  const unitDisplay = unit === 'byte' ? 'long' : 'short'; // the short form says "17 byte"
  const options = { style: 'unit', unit, unitDisplay, maximumFractionDigits: 1 } as const;
  return kept(unit, (l) => new Intl.NumberFormat(l, options)).format(value);
}

export function names(list: string[]): string {
  return kept('l', (l) => new Intl.ListFormat(l)).format(list);
}
