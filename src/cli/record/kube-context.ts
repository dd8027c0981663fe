/** Reads which cluster kubectl would talk to, from the kubeconfig itself: a call of kubectl at each prompt is too slow. */
import { readFileSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

export type KubeContextReader = (kubeconfig: string | null, homeDirectory: string) => string | null

const KUBECONFIG_MAX_BYTES = 8 * 1024 * 1024

/** kubectl's rule: of the files in the list, the first that names a current context decides. */
export const openKubeContextReader = (): KubeContextReader => {
  const cache = new Map<string, { readonly stamp: string; readonly context: string | null }>()
  const contextOf = (path: string): string | null => {
    try {
      const { mtimeMs, size } = statSync(path)
      if (size > KUBECONFIG_MAX_BYTES) return null
      const stamp = `${mtimeMs}:${size}`
      const cached = cache.get(path)
      if (cached?.stamp === stamp) return cached.context
      const context = currentContext(readFileSync(path, 'utf8'))
      cache.set(path, { stamp, context })
      return context
    } catch {
      // No kubeconfig is no fault: most shells have none.
      return null
    }
  }
  return (kubeconfig, homeDirectory) => {
    for (const path of kubeconfigPaths(kubeconfig, homeDirectory)) {
      const context = contextOf(path)
      if (context !== null) return context
    }
    return null
  }
}

export const kubeconfigPaths = (
  kubeconfig: string | null | undefined,
  homeDirectory: string,
): readonly string[] => {
  const paths = (kubeconfig ?? '').split(delimiter).filter((path) => path !== '')
  return paths.length > 0 ? paths : [join(homeDirectory, '.kube', 'config')]
}

const currentContext = (text: string): string | null => {
  const value = /^\s*"?current-context"?:\s*(.*?)\s*,?$/m.exec(text)?.[1]?.replaceAll(/^["']|["']$/g, '')
  return value === undefined || value === '' ? null : value
}
