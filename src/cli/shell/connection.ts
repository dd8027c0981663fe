/** Where the server is and who we are: FORTNIGHT_URL and FORTNIGHT_TOKEN, or what `fortnight login` stored. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { CommandFault, type Io } from './io.ts'

export type Connection = { readonly url: string; readonly token: string }

export const connectionFile = (env: Io['env']): string =>
  join(env['XDG_CONFIG_HOME'] || join(env['HOME'] || homedir(), '.config'), 'fortnight', 'connection.json')

const stored = (env: Io['env']): Partial<Connection> => {
  try {
    return JSON.parse(readFileSync(connectionFile(env), 'utf8')) as Partial<Connection>
  } catch {
    return {}
  }
}

export const serverUrl = (env: Io['env']): string =>
  (env['FORTNIGHT_URL'] || stored(env).url || 'http://localhost:4280').replace(/\/+$/, '')

/** The token that `fortnight login` keeps goes to the server that made it and to no other. */
const storedTokenFor = (env: Io['env'], url: string): string | undefined => {
  const kept = stored(env)
  return kept.url?.replace(/\/+$/, '') === url ? kept.token : undefined
}

export const findConnection = (env: Io['env']): Connection | undefined => {
  const url = serverUrl(env)
  const token = env['FORTNIGHT_TOKEN'] || storedTokenFor(env, url)
  return token ? { url, token } : undefined
}

export const needConnection = (env: Io['env']): Connection => {
  const connection = findConnection(env)
  if (connection) return connection
  throw new CommandFault(
    `You are not signed in at ${serverUrl(env)}. Run \`fortnight login\`, or set FORTNIGHT_URL and FORTNIGHT_TOKEN.`,
  )
}

/** The token file is the person's own: 0600, written whole or not at all. */
export const storeConnection = (env: Io['env'], connection: Connection): string => {
  const file = connectionFile(env)
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  writeFileSync(`${file}.new`, `${JSON.stringify(connection, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
  return file
}

export const forgetConnection = (env: Io['env']): void => rmSync(connectionFile(env), { force: true })
