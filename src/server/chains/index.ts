/** The links of the chain in VISION's order: one file a link, and this list of them. */
import type { Reactions } from '../platform/reactions.ts'

export const registerChains = (_reactions: Reactions): void => {}
