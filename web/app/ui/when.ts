/** A moment as people write it: the time of day, with the date where it was another day. */
export function whenWords(at: number, now: number): string {
  const time = { hour: '2-digit', minute: '2-digit' } as const;
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  const date = isToday ? {} : ({ day: 'numeric', month: 'short' } as const);
  return new Date(at).toLocaleString(undefined, { ...date, ...time });
}
