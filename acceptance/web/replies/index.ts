/** Every prepared reply. */
import { operationsReplies } from './operations.ts'
import { peopleReplies } from './people.ts'
import type { Answer } from './reply.ts'

export const allReplies: readonly Answer[] = [...peopleReplies, ...operationsReplies]
