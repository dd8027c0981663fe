// Reads from ARCHITECTURE.md which areas may look into which other areas: one table, written for people, obeyed by machine.

export type Edge = { readonly from: string; readonly to: string; readonly why: string }

/**
 * Every table row whose first two cells are areas of the same room, such as
 * `| domain/operations/paging | domain/operations/on-call | a step asks who is on call |`.
 */
export function readEdges(architecture: string): Edge[] {
  const cell = String.raw`\s*\`?((?:domain|server)\/[a-z0-9/-]+)\`?\s*`
  const row = new RegExp(String.raw`^\|${cell}\|${cell}\|(.*)\|\s*$`)
  return architecture.split('\n').flatMap((line) => {
    const [, from, to, why] = row.exec(line) ?? []
    return from && to ? [{ from, to, why: (why ?? '').trim() }] : []
  })
}

export const hasEdge = (edges: readonly Edge[], from: string, to: string): boolean =>
  edges.some((edge) => edge.from === from && edge.to === to)
