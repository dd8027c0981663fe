/** Sentences about hours on call. */
export const dutyHours = {
  title: 'Hours on call',
  period: 'Period',
  month: 'This month',
  'last-month': 'Last month',
  quarter: '3 months',
  year: '12 months',
  person: 'Person',
  shifts: 'Shifts',
  hours: 'Hours',
  nights: 'Nights',
  weekends: 'Weekends',
  holidays: 'Holidays',
  'off-hours': 'Off hours',
  pages: 'Pages',
  'pages-off-hours': '{pages}, {off} off hours',
  export: 'Export as CSV',
  empty: 'Nobody was on call in this period by this rota.',
  explained:
    'In hours, by the clock of each person’s own zone. Nights are 22:00 to 06:00; off hours is everything but Monday to Friday 08:00 to 18:00, and holidays. What was is counted as it was, also where the rota was changed since.',
  'holidays-known': {
    one: 'One holiday of the service hours in this zone counts.',
    other: '{count} holidays of the service hours in this zone count.',
  },
} as const
