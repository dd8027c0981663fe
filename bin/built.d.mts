export type BuildName = 'web' | 'server'
export const builds: Readonly<
  Record<BuildName, { readonly output: string; readonly inputs: readonly string[] }>
>
export function inputsDigest(root: string, name: BuildName): string
export function isBuilt(root: string, name: BuildName, digest?: string): boolean
export function writeStamp(folder: string, digest: string): void
