/** How a session counts, and the shares that tell a team how it really works: looked, decided, broke the glass, or changed without any. */
import type { Authority, SessionState } from './session.ts'

/** The strongest right that was used: a glass broken anywhere in the session is what it is known for. */
export const sessionKind = ({ spans }: Pick<SessionState, 'spans'>): Authority['kind'] => {
  const kinds = new Set(spans.map(({ authority }) => authority.kind))
  if (kinds.has('break-glass')) return 'break-glass'
  return kinds.has('decided') ? 'decided' : 'look'
}

/** @returns by what right the prompt with this number was answered */
export const authorityAtPrompt = ({ spans }: Pick<SessionState, 'spans'>, prompt: number): Authority =>
  (spans.findLast(({ fromPrompt }) => fromPrompt <= prompt) ?? spans[0]!).authority

/** Something was changed while the session only had the right to look: it is listed, and nobody is stopped from saying so. */
export const isChangeWithoutDecision = ({ declaration }: Pick<SessionState, 'declaration'>): boolean =>
  declaration?.changedWhileLooking ?? false

/** @property undeclared sessions that ended without anybody saying whether something was changed */
export type SessionShares = {
  readonly total: number
  readonly look: number
  readonly decided: number
  readonly breakGlass: number
  readonly changesWithoutDecision: number
  readonly undeclared: number
}

/** @returns counts; `look + decided + breakGlass` is `total`, the other two cut across */
export const sessionShares = (sessions: readonly SessionState[]): SessionShares => {
  const count = (holds: (session: SessionState) => boolean) => sessions.filter(holds).length
  return {
    total: sessions.length,
    look: count((session) => sessionKind(session) === 'look'),
    decided: count((session) => sessionKind(session) === 'decided'),
    breakGlass: count((session) => sessionKind(session) === 'break-glass'),
    changesWithoutDecision: count(isChangeWithoutDecision),
    undeclared: count(({ status }) => status === 'abandoned'),
  }
}
