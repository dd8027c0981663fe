/** Chains: typed reactions of one area to the events of another, run inside the same transaction before it commits. */
import type { EventType, RecordedEvent } from './events.ts'
import type { WriteTx } from './record.ts'

type Reaction = (tx: WriteTx, events: readonly RecordedEvent[]) => Promise<void>

export type Reactions = {
  /** All events of this type of one transaction arrive in one call, in order. */
  readonly on: <Body extends Record<string, unknown>>(
    type: EventType<Body>,
    react: (tx: WriteTx, events: readonly RecordedEvent<Body>[]) => Promise<void>,
  ) => void
  readonly of: (type: string) => readonly Reaction[]
  readonly types: () => readonly string[]
}

export const openReactions = (): Reactions => {
  const byType = new Map<string, Reaction[]>()
  return {
    on: (type, react) => {
      byType.set(type.type, [...(byType.get(type.type) ?? []), react as unknown as Reaction])
    },
    of: (type) => byType.get(type) ?? [],
    types: () => [...byType.keys()],
  }
}
