// Holds every file to opening with the sentence that says why it exists; a test or stylesheet beside its namesake has that one's.
import { isGenerated, type Finding, type SourceFile } from './source-files.ts'

const opening: Record<string, RegExp> = {
  ts: /^(\/\/ ?\S|\/\*)/,
  tsx: /^(\/\/ ?\S|\/\*)/,
  mjs: /^(\/\/ ?\S|\/\*)/,
  js: /^(\/\/ ?\S|\/\*)/,
  css: /^\/\*/,
  sql: /^--/,
  py: /^("""|#)/,
}

export function filesWithoutOpening(files: readonly SourceFile[]): Finding[] {
  const paths = new Set(files.map(({ path }) => path))
  return files.flatMap(({ path, text }) => {
    const namesakes = [path.replace('.test.ts', '.ts'), path.replace('.module.css', '.tsx')]
    if (namesakes.some((other) => other !== path && paths.has(other))) return []
    const pattern = opening[path.slice(path.lastIndexOf('.') + 1)]
    if (!pattern || isGenerated(path)) return []
    const start = text.replace(/^#!.*\n/, '')
    return pattern.test(start)
      ? []
      : [{ path, line: 1, message: 'opens without a comment that says why the file exists' }]
  })
}
