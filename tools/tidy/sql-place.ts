// Holds SQL to the store of its area, so that who touches a table is known from its path.
import { isTest, lineAt, parse, walk, type Finding, type Node, type SourceFile } from './source-files.ts'

const builderCalls = new Set(['selectFrom', 'insertInto', 'updateTable', 'deleteFrom', 'mergeInto'])

/** sql`…`, query() and the query builder, in server files that are neither a store nor the platform. */
export function sqlOutsideStores(files: readonly SourceFile[]): Finding[] {
  return files.filter(isHeld).flatMap((file) => {
    const findings: Finding[] = []
    walk(parse(file).program, (node) => {
      const found = sqlIn(node)
      if (found)
        findings.push({
          path: file.path,
          line: lineAt(file.text, node.start),
          message: `${found} belongs in the store.ts of its area`,
        })
    })
    return findings
  })
}

function isHeld({ path }: SourceFile): boolean {
  if (!path.startsWith('src/server/') || isTest(path)) return false
  const free = /^src\/server\/(platform|testing)\//.test(path)
  return !free && !/(^|[/-])store\.ts$/.test(path) && !path.includes('/store/')
}

function sqlIn(node: Node): string | undefined {
  if (node.type === 'TaggedTemplateExpression' && (node['tag'] as { name?: string }).name === 'sql')
    return 'sql`…`'
  if (node.type !== 'CallExpression') return undefined
  const callee = node['callee'] as { type?: string; property?: { name?: string } }
  const method = callee.type === 'MemberExpression' ? (callee.property?.name ?? '') : ''
  return method === 'query' || builderCalls.has(method) ? `.${method}()` : undefined
}
