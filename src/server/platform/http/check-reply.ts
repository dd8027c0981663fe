/** Under test every reply is held to its contract, so that a field too many is found before a customer finds it. */
import type { z } from 'zod'

const leftOver = (answer: unknown, parsed: unknown, path: string): string[] => {
  if (typeof answer !== 'object' || answer === null || typeof parsed !== 'object' || parsed === null)
    return []
  return Object.entries(answer).flatMap(([name, value]) => {
    if (value === undefined) return []
    if (!(name in parsed)) return [`${path}${name} is not in the contract`]
    return leftOver(value, (parsed as Record<string, unknown>)[name], `${path}${name}.`)
  })
}

/** Sentences about what a reply has too much or too little of, as JSON would carry it. */
export const replyFaults = (shape: z.ZodType, answer: unknown): string[] => {
  const sent: unknown = JSON.parse(JSON.stringify(answer ?? null))
  const parsed = shape.safeParse(sent)
  if (parsed.success) return leftOver(sent, parsed.data, '')
  return parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
}
