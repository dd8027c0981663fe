/** An invented account, as the backup of OpsGenie writes it: everything it knows to say, said at least once. */
import type { SourceFile } from './fields.ts'
import type { TeamEnvironment } from './team-environments.ts'

/** What must never come out again. */
export const SECRETS: readonly [string, string, string] = [
  'not-a-key-0123',
  'hook-secret-4567',
  '+46-700-000-000',
]

const user = (id: string, username: string, fullName: string, more: object = {}): SourceFile => ({
  path: `users/${username}-${id}.json`,
  value: {
    user: {
      id,
      username,
      fullName,
      role: { id: 'User', name: 'User' },
      blocked: false,
      verified: true,
      timeZone: 'Europe/Stockholm',
      locale: 'en_GB',
      userAddress: { country: 'Nowhere', state: '', city: 'Sampleton', line: '', zipCode: '' },
      tags: [],
      details: {},
      createdAt: '2019-01-07T08:00:00Z',
      userContacts: [
        { id: `${id}-c1`, contactMethod: 'email', to: username, enabled: true },
        { id: `${id}-c2`, contactMethod: 'sms', to: SECRETS[2], enabled: true },
      ],
      ...more,
    },
    notificationRuleList: [
      {
        id: `${id}-r1`,
        actionType: 'create-alert',
        criteria: { type: 'match-all' },
        steps: [
          { contact: { method: 'sms', to: SECRETS[2] }, sendAfter: { timeAmount: 1, timeUnit: 'minutes' } },
        ],
      },
    ],
  },
})

const users: SourceFile[] = [
  user('u-1', 'ada.sample@example.org', 'Ada Sample', { role: { id: 'Owner', name: 'Owner' } }),
  user('u-2', 'bo.sample@example.org', 'Bo Sample', { timeZone: 'europe/stockholm' }),
  user('u-3', 'cy.sample@example.org', 'Cy Sample', { role: { id: 'r-9', name: 'Night watch' } }),
  user('u-4', 'di.sample@example.org', 'Di\u0007 Sample', { timeZone: 'Mars/Olympus', locale: '???' }),
  user('u-5', 'gone@example.org', 'Gone Person', { blocked: true }),
  user('u-6', 'ada.sample@example.com', 'Ada Other', { role: { id: 'Stakeholder', name: 'Stakeholder' } }),
  user('u-7', 'not an address', 'Nobody'),
]

const restriction = (startHour: number, endHour: number) => ({
  type: 'time-of-day',
  restriction: { startHour, startMin: 0, endHour, endMin: 30 },
})

const all = (...asked: readonly (readonly [string, string, string, string?])[]) => ({
  type: 'match-all-conditions',
  conditions: asked.map(([field, operation, expectedValue, key], order) => ({
    field,
    ...(key === undefined ? {} : { key }),
    not: false,
    operation,
    expectedValue,
    order,
  })),
})

const routingRule = (name: string, order: number, criteria: object, notify: object, isDefault = false) => ({
  id: `rr-${name}`,
  name,
  isDefault,
  order,
  criteria,
  timezone: 'Europe/Stockholm',
  timeRestriction: null,
  notify,
})

const team: SourceFile = {
  path: 'teams/Första linjen-t-1.json',
  value: {
    team: {
      id: 't-1',
      name: 'Första linjen',
      description: 'Who is told first',
      members: [
        { user: { id: 'u-1', username: 'ada.sample@example.org' }, role: 'admin' },
        { user: { id: 'u-2', username: 'bo.sample@example.org' }, role: 'user' },
        { user: { id: 'u-2', username: 'bo.sample@example.org' }, role: 'user' },
        { user: { id: 'u-5', username: 'gone@example.org' }, role: 'user' },
        { user: { id: 'u-3' }, role: 'Night watch' },
      ],
      links: { web: 'https://example.org/teams/t-1', api: 'https://example.org/api/t-1' },
    },
    teamRoutingRules: [
      routingRule(
        'Default',
        0,
        { type: 'match-all' },
        { type: 'schedule', id: 's-1', name: 'First line' },
        true,
      ),
      routingRule(
        'Tests',
        2,
        all(['priority', 'equals', 'P5'], ['extra-properties', 'equals', 'e2e', 'job']),
        {
          type: 'none',
        },
      ),
      routingRule(
        'Storage',
        1,
        {
          ...all(['priority', 'equals', 'P1'], ['extra-properties', 'contains-key', 'volume']),
          type: 'match-any-condition',
        },
        { type: 'escalation', id: 'e-2', name: 'Late' },
      ),
      {
        ...routingRule('Office', 3, { type: 'match-all' }, { type: 'none' }),
        timeRestriction: restriction(8, 17),
      },
      routingRule('Noise', 4, all(['message', 'contains', 'noise']), { type: 'none' }),
      routingRule('Quiet', 5, all(['priority', 'equals', 'P4']), { type: 'none' }),
      routingRule('Nowhere', 6, { type: 'match-all' }, { type: 'escalation', id: 'e-3', name: 'Empty' }),
    ],
    teamRoles: [],
  },
}

const rotation = (name: string, type: string, more: object = {}) => ({
  id: `id-of-${name}`,
  name,
  startDate: '2024-01-08T07:00:00Z',
  endDate: null,
  type,
  length: 1,
  participants: [
    { type: 'user', id: 'u-1', username: 'ada.sample@example.org' },
    { type: 'user', username: 'BO.sample@example.org' },
  ],
  timeRestriction: null,
  ...more,
})

const weekend = {
  type: 'weekday-and-time-of-day',
  restrictions: [
    { startDay: 'friday', startHour: 18, startMin: 0, endDay: 'monday', endHour: 8, endMin: 0 },
    { startDay: 'wednesday', startHour: 12, startMin: 15, endDay: 'wednesday', endHour: 13, endMin: 45 },
  ],
}

const rotations = [
  rotation('weekly', 'weekly', { length: 2 }),
  rotation('By day', 'daily', { timeRestriction: restriction(8, 17), startDate: '2024-01-08T07:00:30.000Z' }),
  rotation('By night', 'hourly', {
    length: 12,
    timeRestriction: restriction(20, 6),
    startDate: 1704697200000,
  }),
  rotation('By month', 'monthly', { timeRestriction: weekend, endDate: '2031-01-01T00:00:00Z' }),
  rotation('Mixed', 'weekly', {
    participants: [
      { type: 'team', id: 't-1', name: 'Första linjen' },
      { type: 'none' },
      { type: 'escalation', id: 'e-1', name: 'Usual' },
      { type: 'user', id: 'u-404', username: 'who@example.org' },
    ],
  }),
  rotation('Over', 'weekly', { endDate: '2020-01-01T00:00:00Z' }),
  rotation('Only strangers', 'weekly', { participants: [{ type: 'user', id: 'u-404' }] }),
  rotation('Unreadable', 'weekly', {
    timeRestriction: { type: 'time-of-day', restriction: { startHour: 25 } },
  }),
  rotation('Yearly', 'yearly'),
]

const override = (alias: string, whom: object, endDate: string) => ({
  alias,
  user: whom,
  startDate: endDate.replace('-31T', '-30T'),
  endDate,
  rotations: [],
})

const schedules: SourceFile[] = [
  {
    path: 'schedules/First line-s-1.json',
    value: {
      schedule: {
        id: 's-1',
        name: 'First line',
        description: '',
        timezone: 'Europe/Stockholm',
        enabled: true,
        ownerTeam: { id: 't-1', name: 'Första linjen' },
        rotations,
      },
      scheduleOverrideList: [
        {
          alias: 'o-1',
          user: { type: 'user', id: 'u-2', username: 'bo.sample@example.org' },
          startDate: '2026-12-24T07:00:00Z',
          endDate: '2026-12-27T07:00:00Z',
          rotations: [{ id: 'id-of-weekly', name: 'weekly' }],
        },
        override('o-2', { type: 'none' }, '2026-12-31T07:00:00Z'),
        override('o-3', { type: 'user', username: 'bo.sample@example.org' }, '2020-12-31T07:00:00Z'),
        override('o-4', { type: 'user', id: 'u-5' }, '2026-12-31T07:00:00Z'),
        {
          ...override('o-5', { type: 'user', id: 'u-1' }, '2026-12-31T07:00:00Z'),
          rotations: [{ id: 'id-of-Over', name: 'Over' }],
        },
      ],
    },
  },
  {
    path: 'schedules/Old-s-2.json',
    value: { schedule: { id: 's-2', name: 'Old', timezone: 'UTC', enabled: false, rotations: [] } },
  },
]

const rule = (minutes: number, notifyType: string, recipient: object, condition = 'if-not-acked') => ({
  condition,
  notifyType,
  delay: { timeAmount: minutes, timeUnit: 'minutes' },
  recipient,
})
const schedule = { type: 'schedule', id: 's-1', name: 'First line' }

const escalations: SourceFile[] = [
  {
    path: 'escalations/Default-e-1.json',
    value: {
      id: 'e-1',
      name: 'Default',
      description: 'Everybody, in the end',
      ownerTeam: { id: 't-1', name: 'Första linjen' },
      rules: [
        rule(10, 'next', schedule),
        rule(0, 'default', schedule),
        rule(10, 'previous', schedule),
        rule(10, 'admins', { type: 'team', id: 't-1', name: 'Första linjen' }, 'if-not-closed'),
        rule(30, 'all', { type: 'team', name: 'Första linjen' }),
        rule(30, 'default', { type: 'team', id: 't-1' }),
        rule(30, 'users', { type: 'team', id: 't-1' }),
        rule(40, 'default', { type: 'user', id: 'u-6', username: 'ada.sample@example.com' }),
        rule(45, 'users', schedule),
        rule(50, 'admins', schedule),
        rule(55, 'default', { type: 'schedule', id: 's-2', name: 'Old' }),
        rule(60, 'default', { type: 'everybody' }),
        { ...rule(2, 'all', schedule), delay: { timeAmount: 2, timeUnit: 'hours' } },
      ],
      repeat: { waitInterval: 5, count: 20, resetRecipientStates: true, closeAlertAfterAll: false },
      unheardOf: { of: ['this', 7, null, {}] },
    },
  },
  {
    path: 'escalations/Late-e-2.json',
    value: { id: 'e-2', name: 'Late', rules: [rule(5, 'default', schedule)], repeat: null },
  },
  {
    path: 'escalations/Empty-e-3.json',
    value: { id: 'e-3', name: 'Empty', rules: [rule(0, 'default', { type: 'user', id: 'u-404' })] },
  },
]

const forwarding = (id: string, from: string, to: string, endDate: string) => ({
  id,
  alias: `alias-of-${id}`,
  fromUser: { id: from },
  toUser: { id: to },
  startDate: endDate.replace(/^(....)-01-01/, (_, year: string) => `${Number(year) - 1}-12-20`),
  endDate,
})

const others: SourceFile[] = [
  {
    path: 'integrations/i-1.json',
    value: {
      integration: { id: 'i-1', name: 'Alertmanager', type: 'Prometheus', enabled: true, apiKey: SECRETS[0] },
      integrationActions: {
        create: [{ type: 'create', name: 'Create', customHeaders: { token: SECRETS[1] } }],
      },
    },
  },
  {
    path: 'customUserRoles/Night watch-r-9.json',
    value: { id: 'r-9', name: 'Night watch', extendedRole: 'user' },
  },
  { path: 'forwardings/f-1.json', value: forwarding('f-1', 'u-1', 'u-2', '2027-01-01T00:00:00Z') },
  { path: 'forwardings/f-2.json', value: forwarding('f-2', 'u-1', 'u-2', '2020-01-01T00:00:00Z') },
  { path: 'forwardings/f-3.json', value: forwarding('f-3', 'u-1', 'u-5', '2027-01-01T00:00:00Z') },
  {
    path: 'policiesV2/p-1.json',
    value: { teamId: 't-1', policy: { id: 'p-1', type: 'alert', enabled: false } },
  },
  {
    path: 'policiesV2/p-2.json',
    value: {
      teamId: null,
      policy: {
        id: 'p-2',
        type: 'alert',
        name: 'Shop words',
        policyDescription: 'in their words',
        enabled: true,
        filter: {
          type: 'match-all-conditions',
          conditions: [
            { field: 'extra-properties', key: 'app', not: false, operation: 'equals', expectedValue: 'shop' },
            { field: 'priority', not: false, operation: 'equals', expectedValue: 'P3' },
          ],
        },
        timeRestrictions: null,
        message: 'Shop on {{extraProperties.cluster}}: {{message}}',
        alertDescription: '{{description}}',
        continue: false,
        updatePriority: true,
        priorityValue: 'P1',
        tags: ['shop'],
        ignoreOriginalTags: false,
        responders: [],
      },
    },
  },
  {
    path: 'policiesV2/p-3.json',
    value: {
      teamId: 't-1',
      policy: {
        id: 'p-3',
        type: 'notification',
        name: 'Short ones',
        enabled: true,
        filter: { type: 'match-all', conditions: [] },
        delayAction: { delayOption: 'for-duration', duration: { timeAmount: 10, timeUnit: 'minutes' } },
        autoCloseAction: { duration: { timeAmount: 1, timeUnit: 'days' } },
        suppress: false,
      },
    },
  },
  {
    path: 'policiesV2/p-4.json',
    value: {
      teamId: null,
      policy: {
        id: 'p-4',
        type: 'alert',
        name: 'By a pattern',
        enabled: true,
        filter: {
          type: 'match-any-condition',
          conditions: [{ field: 'message', not: false, operation: 'matches', expectedValue: '.*disk.*' }],
        },
        message: 'Disk',
      },
    },
  },
  {
    path: 'ordersV2/PolicyOrders.json',
    value: [
      { id: 'p-1', name: 'Quiet', order: 3, team: '' },
      { id: 'p-2', name: 'Shop words', order: 2, team: '' },
      { id: 'p-3', name: 'Short ones', order: 1, team: 't-1' },
    ],
  },
  { path: 'maintenance/m-1.json', value: { id: 'm-1', status: 'past' } },
  {
    path: 'heartbeats/main.json',
    value: { name: 'main', interval: 10, intervalUnit: 'minutes', enabled: true },
  },
  {
    path: 'heartbeats/nightly.json',
    value: {
      name: 'Nightly copy',
      description: 'Ends with a ping',
      interval: 2,
      intervalUnit: 'days',
      enabled: false,
      expired: false,
      lastPingTime: '2026-11-22T03:00:00Z',
      ownerTeam: { id: 't-1', name: 'Första linjen' },
      alertTags: ['copy'],
      alertPriority: 'P2',
      alertMessage: 'The nightly copy did not end',
    },
  },
  {
    path: 'heartbeats/strange.json',
    value: { name: 'often', interval: 1, intervalUnit: 'seconds', enabled: true },
  },
  { path: 'somethingElse/x.json', value: 'a text by itself' },
]

export const INVENTED_ACCOUNT: readonly SourceFile[] = [
  ...users,
  team,
  ...schedules,
  ...escalations,
  ...others,
]

/** Where the alerts of its team come from, which an account does not say. */
export const NAMED_ENVIRONMENTS: readonly TeamEnvironment[] = [
  { team: 'första LINJEN', environment: 'acme-prod' },
  { team: null, environment: 'globex-prod' },
]
