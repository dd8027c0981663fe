/** `fortnight login`: makes an API token for this machine and keeps it, so that no password is ever stored. */
import { hostname } from 'node:os'
import { parseArgs } from 'node:util'
import { meRoutes, signInRoutes } from '../../contract/people/sign-in.ts'
import { tokenRoutes } from '../../contract/people/tokens.ts'
import { call, problemFrom } from '../shell/call.ts'
import { forgetConnection, serverUrl, storeConnection } from '../shell/connection.ts'
import { CommandFault, type Command, type Io } from '../shell/io.ts'
import { ask, askSecret, readStdin } from '../shell/prompt.ts'

const VALID_DAYS = 90
const DAY_MS = 24 * 3_600_000

const post = async (url: string, path: string, cookie: string, body: unknown): Promise<Response> => {
  try {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'fortnight-cli/0.1',
        ...(cookie ? { cookie, 'sec-fetch-site': 'same-origin' } : {}),
      },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw await problemFrom(response)
    return response
  } catch (error) {
    if (error instanceof CommandFault) throw error
    throw new CommandFault(`${url} does not answer. Check the address and that the server runs.`)
  }
}

/** Signs in once with the password, makes a token for this machine, and forgets the password. */
const tokenByPassword = async (url: string): Promise<string> => {
  const account = await ask(`Handle or e-mail at ${url}: `)
  const password = await askSecret('Password: ')
  const signedIn = await post(url, signInRoutes.signIn.path, '', { account, password })
  const cookie = signedIn.headers
    .getSetCookie()
    .map((text) => text.split(';', 1)[0])
    .join('; ')
  const made = await post(url, tokenRoutes.createMyToken.path, cookie, {
    name: `fortnight on ${hostname()}`.slice(0, 100),
    scopes: ['*'],
    expiresAt: Date.now() + VALID_DAYS * DAY_MS,
  })
  const { secret } = (await made.json()) as { secret: string }
  await fetch(`${url}${signInRoutes.signOut.path}`, {
    method: 'DELETE',
    headers: { cookie, 'sec-fetch-site': 'same-origin' },
  }).catch(() => undefined)
  return secret
}

const login = async (argv: readonly string[], io: Io): Promise<number> => {
  const { values } = parseArgs({
    args: [...argv],
    options: { url: { type: 'string' }, 'token-stdin': { type: 'boolean' } },
  })
  const url = (values.url ?? serverUrl(io.env)).replace(/\/+$/, '')
  const token = values['token-stdin'] ? (await readStdin()).trim() : await tokenByPassword(url)
  const me = await call({ url, token }, meRoutes.getMe, {})
  const file = storeConnection(io.env, { url, token })
  io.out(
    `Signed in at ${url} as ${me.account.name}. The token is kept in ${file}${values['token-stdin'] ? '' : ` for ${VALID_DAYS} days`}.`,
  )
  return 0
}

export const loginCommand: Command = {
  usage: 'fortnight login [--url https://fortnight.example.org] [--token-stdin]',
  about:
    'Sign in on this machine; --token-stdin reads a personal API token instead of asking for a password.',
  run: login,
}

export const logoutCommand: Command = {
  usage: 'fortnight logout',
  about: 'Forget the token on this machine (revoke it under Settings, Tokens).',
  run: async (_argv, io) => {
    forgetConnection(io.env)
    io.out(
      'The token was removed from this machine. Revoke it under Settings, Tokens, if the machine is not yours any more.',
    )
    return 0
  },
}
