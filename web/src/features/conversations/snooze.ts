/** Until when a conversation may be put away; morning is nine o'clock where the reader is. */
const MORNING = 9;

export interface Later {
  name: 'hours' | 'tomorrow' | 'week';
  at: Date;
}

export function laters(now: Date): Later[] {
  const hours = new Date(now);
  hours.setHours(now.getHours() + 3, 0, 0, 0);
  const tomorrow = new Date(now);
  tomorrow.setDate(now.getDate() + 1);
  tomorrow.setHours(MORNING, 0, 0, 0);
  const monday = new Date(now);
  monday.setDate(now.getDate() + ((8 - now.getDay()) % 7 || 7));
  monday.setHours(MORNING, 0, 0, 0);
  return [
    { name: 'hours', at: hours },
    { name: 'tomorrow', at: tomorrow },
    { name: 'week', at: monday },
  ];
}
