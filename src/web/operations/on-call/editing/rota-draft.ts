/** A rota while somebody writes it: text as typed, each turn with a name of its own, and the way to what the contract wants. */
import { newKey } from '../../../parts/moved.ts'
import type { Input, Reply } from '../../../shell/api.ts'
import {
  restrictionDraft,
  restrictionOf,
  unrestricted,
  type RestrictionDraft,
  type Weekday,
} from './restriction-draft.ts'

export type RotaDetail = Reply<'GET /api/schedules/:schedule'>
type Wanted = Input<'POST /api/schedules/preview'>
export type Layers = Wanted['layers']
type Layer = Layers[number]
export type Kind = Layer['kind']
export type Combine = RotaDetail['combine']
/** What the server is asked about, and what is kept. */
export type Definition = { readonly layers: Layers; readonly combine: Combine; readonly restHours: number }

/** An account, a team, or nobody. */
export type Participant = Layer['participants'][number]
export type TurnDraft = { readonly key: number; readonly participant: Participant }
export type RotationDraft = RestrictionDraft & {
  readonly key: number
  readonly id: string
  readonly kind: Kind
  /** So many hours, days, weeks or months. */
  readonly every: string
  readonly weekday: string
  readonly dayOfMonth: string
  readonly time: string
  readonly zone: string
  readonly startsOn: string
  /** Empty: for ever. */
  readonly endsOn: string
  /** Dates as typed, apart by spaces, commas or lines; empty: every date. */
  readonly onlyOn: string
  readonly turns: readonly TurnDraft[]
}
export type RotaDraft = {
  readonly name: string
  readonly slug: string
  readonly combine: Combine
  /** Hours between two shifts of one person, under which it is said. */
  readonly restHours: string
  readonly rotations: readonly RotationDraft[]
}

/** `id` is unique in the rota for good: findings and history speak of it. */
export const newRotation = (taken: readonly string[], zone: string, startsOn: string): RotationDraft => {
  const names = ['weekly', ...taken.map((_, place) => `weekly-${place + 2}`)]
  return {
    key: newKey(),
    id: names.find((name) => !taken.includes(name)) ?? `weekly-${taken.length + 2}`,
    kind: 'weekly',
    every: '1',
    weekday: '1',
    dayOfMonth: '1',
    time: '09:00',
    zone,
    startsOn,
    endsOn: '',
    onlyOn: '',
    turns: [],
    ...unrestricted(),
  }
}

const lengthOf = (layer: Layer): number => {
  switch (layer.kind) {
    case 'hourly':
      return layer.everyHours
    case 'daily':
      return layer.everyDays
    case 'weekly':
      return layer.everyWeeks
    case 'monthly':
      return layer.everyMonths
  }
}

const rotationDraft = (layer: Layer): RotationDraft => ({
  key: newKey(),
  id: layer.id,
  kind: layer.kind,
  every: String(lengthOf(layer)),
  weekday: String(layer.kind === 'weekly' ? layer.handOver.weekday : 1),
  dayOfMonth: String(layer.kind === 'monthly' ? layer.handOver.dayOfMonth : 1),
  time: layer.handOver.time,
  zone: layer.zone,
  startsOn: layer.startsOn,
  endsOn: layer.endsOn ?? '',
  onlyOn: (layer.onlyOn ?? []).join(', '),
  turns: layer.participants.map((participant) => ({ key: newKey(), participant })),
  ...restrictionDraft(layer.restriction),
})

export const rotaDraftOf = ({ name, slug, layers, combine, restHours }: RotaDetail): RotaDraft => ({
  name,
  slug,
  combine,
  restHours: String(restHours),
  rotations: layers.map(rotationDraft),
})

const layerOf = (rotation: RotationDraft): Layer => {
  const restriction = restrictionOf(rotation)
  const onlyOn = rotation.onlyOn.split(/[\s,;]+/).filter((date) => date !== '')
  const any = {
    id: rotation.id,
    zone: rotation.zone.trim(),
    participants: rotation.turns.map(({ participant }) => participant),
    startsOn: rotation.startsOn,
    ...(rotation.endsOn ? { endsOn: rotation.endsOn } : {}),
    ...(onlyOn.length > 0 ? { onlyOn } : {}),
    ...(restriction ? { restriction } : {}),
  }
  const { time } = rotation
  const every = Number(rotation.every)
  switch (rotation.kind) {
    case 'hourly':
      return { ...any, kind: 'hourly', everyHours: every, handOver: { time } }
    case 'daily':
      return { ...any, kind: 'daily', everyDays: every, handOver: { time } }
    case 'weekly': {
      const weekday = Number(rotation.weekday) as Weekday
      return { ...any, kind: 'weekly', everyWeeks: every, handOver: { weekday, time } }
    }
    case 'monthly': {
      const dayOfMonth = Number(rotation.dayOfMonth)
      return { ...any, kind: 'monthly', everyMonths: every, handOver: { dayOfMonth, time } }
    }
  }
}

export const definitionOf = ({ rotations, combine, restHours }: RotaDraft): Definition => ({
  layers: rotations.map(layerOf),
  combine,
  restHours: Number(restHours),
})

/** Whether there is anything to ask the server about; what is merely wrong, it says itself. */
export const isDrawable = ({ layers }: Definition): boolean =>
  layers.length > 0 &&
  layers.every(
    ({ participants, startsOn, handOver, restriction }) =>
      participants.length > 0 &&
      startsOn !== '' &&
      handOver.time !== '' &&
      !JSON.stringify(restriction ?? {}).includes('""'),
  )
