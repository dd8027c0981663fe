/** Our own small set of icons, drawn on a 16 px grid; always beside a word or under a label, never alone as meaning. */

const shapes = {
  home: 'M2.5 7 8 2.5 13.5 7v6a.5.5 0 0 1-.5.5H9.8V9.5H6.2v4H3a.5.5 0 0 1-.5-.5z',
  alert: 'M8 2a4 4 0 0 1 4 4c0 3.5 1.5 4.5 1.5 5.5h-11C2.5 10.5 4 9.5 4 6a4 4 0 0 1 4-4zM6.5 13.8h3',
  page: 'M4.5 1.8h7a1 1 0 0 1 1 1v10.400a1 1 0 0 1-1 1h-7a1 1 0 0 1-1-1V2.8a1 1 0 0 1 1-1zM7 12h2',
  rota: 'M2.5 3.5h11v10h-11zM2.5 6.5h11M5.5 2v2.5M10.5 2v2.5M5 9.5h4',
  incident:
    'M8 1.8c.6 2.300 4 4 4 7.5a4 4 0 0 1-8 0c0-1.400.7-2.300 1.300-3 .2 1.200.9 1.700 1.400 1.8C6.5 6 7 3.5 8 1.8z',
  decision:
    'M8 3.5C6.5 2.5 4.5 2.300 2.5 2.5v10c2-.2 4 0 5.5 1 1.5-1 3.5-1.200 5.5-1v-10c-2-.2-4 0-5.5 1zM8 3.5v10',
  shell: 'M2 3h12v10H2zM4.5 6l2 2-2 2M8.5 10h3',
  customers: 'M2.5 13.5v-11h6v11M8.5 6h5v7.5M1.5 13.5h13M4.5 5h2M4.5 7.5h2M4.5 10h2M10.5 8.5h1M10.5 11h1',
  evidence: 'M8 1.8 13 3.5v4c0 3.200-2 5.400-5 6.700-3-1.300-5-3.5-5-6.700v-4zM5.8 8l1.600 1.600L10.400 6.5',
  settings:
    'M3 4.5h4M10.5 4.5H13M3 8h1.5M8 8h5M3 11.5h6M12.200 11.5h.8M8.8 3.200v2.600M6.200 6.700v2.600M10.600 10.200v2.600',
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.300 10.300l3.200 3.200',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  check: 'M3 8.5l3.200 3.200L13 4.5',
  close: 'M4 4l8 8M12 4l-8 8',
  right: 'M6 3.5 10.5 8 6 12.5',
  left: 'M10 3.5 5.5 8l4.5 4.5',
  down: 'M3.5 6 8 10.5 12.5 6',
  up: 'M3.5 10 8 5.5 12.5 10',
  plus: 'M8 3v10M3 8h10',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  external: 'M9.5 2.5h4v4M13.5 2.5l-6 6M12 9v4.5H2.5V4H7',
  sun: 'M8 5.200a2.8 2.8 0 1 1 0 5.600 2.8 2.8 0 0 1 0-5.600zM8 1.5v1.200M8 13.300v1.200M1.5 8h1.200M13.300 8h1.200M3.400 3.400l.9.9M11.700 11.700l.9.9M3.400 12.600l.9-.9M11.700 4.300l.9-.9',
  moon: 'M13 9.5A5.5 5.5 0 0 1 6.5 3 5.5 5.5 0 1 0 13 9.5z',
  system: 'M2.5 3h11v7.5h-11zM6 13.5h4',
  play: 'M4.5 3v10l8-5z',
  key: 'M10.5 2a3.5 3.5 0 1 1-3 5.300L3 11.8V14h2.5v-1.5H7V11l1.5-1.5M11 5h.01',
  lock: 'M3.5 7.5h9v6h-9zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5',
  person:
    'M8 2.5a2.700 2.700 0 1 1 0 5.400 2.700 2.700 0 0 1 0-5.400zM2.8 13.5c.6-2.600 2.600-3.8 5.200-3.8s4.600 1.200 5.200 3.8',
  offline:
    'M2 2l12 12M5 11a4 4 0 0 1 6 0M2.8 8.300a7 7 0 0 1 2.600-1.700M8.5 5.8a7 7 0 0 1 4.700 2.5M8 13.5h.01',
  file: 'M4 2h5l3.5 3.5V14H4zM9 2v3.5h3.5',
  warning: 'M8 2.200 14.200 13H1.8zM8 6.5V9.5M8 11.300h.01',
} as const

export type IconName = keyof typeof shapes

export const Icon = ({ name, size = 16 }: { name: IconName; size?: number }) => (
  <svg
    viewBox="0 0 16 16"
    fill="none"
    stroke="currentColor"
    strokeWidth={name === 'more' ? 2 : 1.4}
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
    // As large as the letters beside it, whatever size those have.
    style={{ flex: 'none', width: `${size / 16}rem`, height: `${size / 16}rem` }}
  >
    <path d={shapes[name]} />
  </svg>
)
