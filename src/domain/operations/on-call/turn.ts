/** A rotation of any kind, asked by turn: the one switch over kinds, so that a new kind is a new file and a new line here. */
import type { Rotation } from './schedule.ts'
import { weeklyStart, weeklyTurn, weeklyTurnAt, type Turn } from './weekly-turn.ts'

export type { Turn } from './weekly-turn.ts'

export const rotationStart = (rotation: Rotation): number => {
  switch (rotation.kind) {
    case 'weekly':
      return weeklyStart(rotation)
  }
}

const turnOf = (rotation: Rotation, index: number): Turn => {
  switch (rotation.kind) {
    case 'weekly':
      return weeklyTurn(rotation, index)
  }
}

/** @returns the turn at the instant, or null when the rotation has not started. */
export const turnAt = (rotation: Rotation, at: number): Turn | null => {
  switch (rotation.kind) {
    case 'weekly':
      return weeklyTurnAt(rotation, at)
  }
}

const isStaffed = (rotation: Rotation, index: number): boolean =>
  (rotation.participants[index % rotation.participants.length] ?? null) !== null

/** @returns when a rotation that has nobody at `at` next has somebody; null when it never will. */
export const nextStaffedAt = (rotation: Rotation, at: number): number | null => {
  const first = (turnAt(rotation, at)?.index ?? -1) + 1
  for (let index = first; index < first + rotation.participants.length; index += 1) {
    if (isStaffed(rotation, index)) return turnOf(rotation, index).from
  }
  return null
}

/** @returns when a rotation that has nobody at `at` last stopped having somebody; null when it never had. */
export const lastStaffedUntil = (rotation: Rotation, at: number): number | null => {
  const current = turnAt(rotation, at)?.index ?? 0
  for (let index = current - 1; index >= Math.max(0, current - rotation.participants.length); index -= 1) {
    if (isStaffed(rotation, index)) return turnOf(rotation, index).to
  }
  return null
}
