/** The secrets this session knows by value: an exact match finds them where no pattern would. Kept in memory only. */
import { readFileSync, statSync } from 'node:fs'
import { kubeconfigPaths } from './kube-context.ts'

const SECRET_NAME =
  /PASS(?:WORD|WD|PHRASE)?$|TOKEN|SECRET|API_?KEY|ACCESS_KEY|PRIVATE_KEY|CREDENTIALS?$|_PWD$/i
const KUBECONFIG_SECRET =
  /^\s*(?:- )?"?(?:token|client-key-data|password|id-token|refresh-token|client-secret)"?:\s*["']?([^"'\s,]{8,})/gm
const KUBECONFIG_MAX_BYTES = 8 * 1024 * 1024

export const knownSecrets = (
  env: Readonly<Record<string, string | undefined>>,
  homeDirectory: string,
): readonly string[] => [
  ...new Set([...fromEnvironment(env), ...fromKubeconfigs(env['KUBECONFIG'], homeDirectory)]),
]

const fromEnvironment = (env: Readonly<Record<string, string | undefined>>): readonly string[] =>
  Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && SECRET_NAME.test(name) && !/_(?:FILE|PATH|SOCK|NAME|ID)$/i.test(name)
      ? secretLines(value)
      : [],
  )

/** A path or a plain word is a setting, not a secret; hiding it would blind the recording. */
const secretLines = (value: string): readonly string[] =>
  value
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.length >= 8 && !/^[./~]/.test(line) && !/^[a-z]+$/.test(line))

const fromKubeconfigs = (kubeconfig: string | undefined, homeDirectory: string): readonly string[] =>
  kubeconfigPaths(kubeconfig, homeDirectory).flatMap((path) => {
    try {
      if (statSync(path).size > KUBECONFIG_MAX_BYTES) return []
      return [...readFileSync(path, 'utf8').matchAll(KUBECONFIG_SECRET)].map((match) => match[1]!)
    } catch {
      return []
    }
  })
