/** The part of `oidc-provider` that the test uses: the package ships no types. */
declare module 'oidc-provider' {
  import type { RequestListener } from 'node:http'

  export type Configuration = {
    readonly clients: readonly Readonly<Record<string, unknown>>[]
    readonly claims: Readonly<Record<string, readonly string[]>>
    readonly pkce: { readonly required: () => boolean }
    readonly findAccount: (
      ctx: unknown,
      id: string,
    ) => { readonly accountId: string; readonly claims: () => Readonly<Record<string, unknown>> }
  }
  export default class Provider {
    constructor(issuer: string, configuration: Configuration)
    callback(): RequestListener
  }
}
