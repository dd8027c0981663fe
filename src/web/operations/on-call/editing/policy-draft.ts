/** An escalation policy while somebody writes it. */
import type { Role } from '../../../../domain/people/permissions.ts'
import { newKey } from '../../../parts/moved.ts'
import type { Policy } from '../queries.ts'

export type Target = Policy['steps'][number]['targets'][number]
export type FallbackTarget = Policy['fallback'][number]
export type StepDraft = {
  readonly key: number
  /** As typed; the first step's is not asked for, it begins at once. */
  readonly minutes: string
  /** Percent of the environment's response time, as typed; empty: by minutes alone. */
  readonly ofResponse: string
  /** It begins although somebody has the page, unless that is closed. */
  readonly unlessClosed: boolean
  readonly targets: readonly Target[]
}
export type PolicyDraft = {
  readonly name: string
  readonly slug: string
  readonly steps: readonly StepDraft[]
  readonly repeat: string
  readonly fallback: readonly Target[]
}

export const newStep = (minutes: string): StepDraft => ({
  key: newKey(),
  minutes,
  ofResponse: '',
  unlessClosed: false,
  targets: [],
})

export const emptyPolicy = (): PolicyDraft => ({
  name: '',
  slug: '',
  steps: [newStep('0')],
  repeat: '0',
  fallback: [{ kind: 'role', role: 'administrator' }],
})

export const policyDraftOf = ({ name, slug, steps, repeat, fallback }: Policy): PolicyDraft => ({
  name,
  slug,
  steps: steps.map(({ afterMinutes, ofResponse, unless, targets }) => ({
    key: newKey(),
    minutes: String(afterMinutes),
    ofResponse: ofResponse === undefined ? '' : String(Math.round(ofResponse * 100)),
    unlessClosed: unless === 'closed',
    targets,
  })),
  repeat: String(repeat),
  fallback,
})

const isFallback = (target: Target): target is FallbackTarget =>
  target.kind === 'account' || target.kind === 'role'

/** What the contract wants; the first step is at 0 whatever stood there before it became the first. */
export const definitionOf = ({ steps, repeat, fallback }: PolicyDraft): Definition => ({
  steps: steps.map(({ minutes, ofResponse, unlessClosed, targets }, place) => ({
    afterMinutes: place === 0 ? 0 : Number(minutes),
    ...(place === 0 || ofResponse.trim() === '' ? {} : { ofResponse: Number(ofResponse) / 100 }),
    ...(unlessClosed ? { unless: 'closed' as const } : {}),
    targets: [...targets],
  })),
  repeat: Number(repeat),
  fallback: fallback.filter(isFallback),
})
export type Definition = Pick<Policy, 'steps' | 'repeat' | 'fallback'>

export const isWhole = ({ steps, fallback }: Definition): boolean =>
  steps.length > 0 &&
  fallback.length > 0 &&
  steps.every(
    ({ afterMinutes, targets }, place) =>
      targets.length > 0 && Number.isInteger(afterMinutes) && (place === 0 || afterMinutes >= 1),
  )

/** One word for a target, as the value of a choice. */
export const wordOf = (target: Target): string =>
  target.kind === 'role'
    ? `role:${target.role}`
    : ['who' in target && target.who, target.id, target.kind].filter(Boolean).toReversed().join(':')

export const targetOf = (word: string): Target => {
  const [kind, name = '', who] = word.split(':')
  if (kind === 'role') return { kind, role: name as Role }
  if (kind === 'account') return { kind, id: name }
  return { kind, id: name, ...(who === undefined ? {} : { who }) } as Target
}
