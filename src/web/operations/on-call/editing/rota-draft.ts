/** A rota while somebody writes it: text as typed, each turn with a name of its own, and the way to what the contract wants. */
import { newKey } from '../../../parts/moved.ts'
import type { Input, Reply } from '../../../shell/api.ts'

export type RotaDetail = Reply<'GET /api/schedules/:schedule'>
export type Layers = Input<'POST /api/schedules/preview'>['layers']
type Layer = Layers[number]

export type TurnDraft = { readonly key: number; readonly accountId: string | null }
export type RotationDraft = {
  readonly key: number
  readonly id: string
  readonly everyWeeks: string
  readonly weekday: string
  readonly time: string
  readonly zone: string
  readonly startsOn: string
  readonly turns: readonly TurnDraft[]
}
export type RotaDraft = {
  readonly name: string
  readonly slug: string
  readonly rotations: readonly RotationDraft[]
}

/** `id` is unique in the rota for good: findings and history speak of it. */
export const newRotation = (taken: readonly string[], zone: string, startsOn: string): RotationDraft => {
  const names = ['weekly', ...taken.map((_, place) => `weekly-${place + 2}`)]
  return {
    key: newKey(),
    id: names.find((name) => !taken.includes(name)) ?? `weekly-${taken.length + 2}`,
    everyWeeks: '1',
    weekday: '1',
    time: '09:00',
    zone,
    startsOn,
    turns: [],
  }
}

const rotationDraft = (layer: Layer): RotationDraft => ({
  key: newKey(),
  id: layer.id,
  everyWeeks: String(layer.everyWeeks),
  weekday: String(layer.handOver.weekday),
  time: layer.handOver.time,
  zone: layer.zone,
  startsOn: layer.startsOn,
  turns: layer.participants.map((accountId) => ({ key: newKey(), accountId })),
})

export const rotaDraftOf = ({ name, slug, layers }: RotaDetail): RotaDraft => ({
  name,
  slug,
  rotations: layers.map(rotationDraft),
})

export const layersOf = ({ rotations }: RotaDraft): Layers =>
  rotations.map((rotation) => ({
    kind: 'weekly',
    id: rotation.id,
    everyWeeks: Number(rotation.everyWeeks),
    handOver: {
      weekday: Number(rotation.weekday) as Layer['handOver']['weekday'],
      time: rotation.time,
    },
    zone: rotation.zone.trim(),
    participants: rotation.turns.map(({ accountId }) => accountId),
    startsOn: rotation.startsOn,
  }))

/** Whether there is anything to ask the server about; what is merely wrong, it says itself. */
export const isDrawable = (layers: Layers): boolean =>
  layers.length > 0 &&
  layers.every(({ participants, startsOn }) => participants.length > 0 && startsOn !== '')
