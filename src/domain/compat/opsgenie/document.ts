/** The part of a configuration document that an import writes, as `fortnight apply` reads it (docs/configuration.schema.json). */

export type AccountDocument = {
  readonly handle: string
  readonly name: string
  readonly email: string
  readonly roles: readonly ('administrator' | 'engineer' | 'management')[]
  readonly locale?: string
  readonly zone?: string
}

export type TeamDocument = {
  readonly slug: string
  readonly name: string
  readonly members: readonly { readonly person: string; readonly role: 'admin' | 'member' }[]
}

export type WeekTimeDocument = { readonly weekday: string; readonly time: string }
export type RestrictionDocument =
  | { readonly kind: 'time-of-day'; readonly from: string; readonly to: string }
  | {
      readonly kind: 'weekday-and-time-of-day'
      readonly spans: readonly { readonly from: WeekTimeDocument; readonly to: WeekTimeDocument }[]
    }

export type ParticipantDocument = string | { readonly team: string } | null

export type RotationDocument = {
  readonly id: string
  readonly everyHours?: number
  readonly everyDays?: number
  readonly everyWeeks?: number
  readonly everyMonths?: number
  readonly handOver: { readonly weekday?: string; readonly dayOfMonth?: number; readonly time: string }
  readonly zone: string
  readonly participants: readonly ParticipantDocument[]
  readonly startsOn: string
  readonly restriction?: RestrictionDocument
}

export type ScheduleDocument = {
  readonly slug: string
  readonly name: string
  readonly combine: 'all'
  readonly layers: readonly RotationDocument[]
}

export type TargetDocument =
  | { readonly schedule: string; readonly who?: 'next' | 'previous' | 'everybody' }
  | { readonly team: string; readonly who?: 'admins' }
  | { readonly person: string }

export type PolicyDocument = {
  readonly slug: string
  readonly name: string
  readonly steps: readonly {
    readonly afterMinutes: number
    readonly unless?: 'closed'
    readonly targets: readonly TargetDocument[]
  }[]
  readonly repeat: number
  readonly fallback: readonly { readonly role: 'administrator' }[]
}

export type HeartbeatDocument = {
  readonly environment: string
  readonly name: string
  readonly everyMinutes: number
  readonly priority?: number
  readonly description?: string
  readonly alertMessage?: string
  readonly enabled?: boolean
}

/** As routing rules write a priority; a heartbeat has its number. */
export type PriorityName = 'P1' | 'P2' | 'P3' | 'P4' | 'P5'

export type RoutingConditionDocument = {
  readonly environments: readonly string[]
  readonly priorities?: readonly PriorityName[]
  readonly labels?: readonly {
    readonly label: string
    readonly oneOf: readonly string[]
    readonly not?: boolean
  }[]
}

export type RoutingRuleDocument = {
  readonly id: string
  readonly name: string
  /** The first rule that fits decides. */
  readonly position: number
  readonly when: RoutingConditionDocument
  readonly does: { readonly page: { readonly escalationPolicy: string } } | { readonly list: object }
}

export type AlertPolicyDocument = {
  readonly id: string
  readonly name: string
  readonly position: number
  readonly when: Partial<RoutingConditionDocument>
  readonly does:
    | {
        readonly rewrite: {
          readonly message?: string
          readonly description?: string
          readonly priority?: PriorityName
          readonly addTags?: readonly string[]
        }
      }
    | { readonly delay: { readonly minutes?: number; readonly occurrences?: number } }
    | { readonly suppress: Readonly<Record<string, never>> }
    | { readonly autoClose: { readonly minutes: number } }
  readonly last?: boolean
}

export type ConfigurationDocument = {
  readonly version: 1
  readonly accounts: readonly AccountDocument[]
  readonly teams: readonly TeamDocument[]
  readonly schedules: readonly ScheduleDocument[]
  readonly escalationPolicies: readonly PolicyDocument[]
  /** Left out when there is none: an empty list would mean that there should be none. */
  readonly routingRules?: readonly RoutingRuleDocument[]
  readonly heartbeats?: readonly HeartbeatDocument[]
  readonly alertPolicies?: readonly AlertPolicyDocument[]
}
