/** Runs a program that uses a client of another system, apart from us: with its own authorities, and with nothing of ours. */
import { spawn } from 'node:child_process'
import { projectRoot } from '../chain/running-server.ts'

/**
 * @param text CommonJS; the last line it prints is one JSON value
 * @returns that value
 */
export const runClient = async (text: string, env: Record<string, string>): Promise<unknown> => {
  const child = spawn(process.execPath, ['--input-type=commonjs', '-e', text], {
    cwd: projectRoot,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [said, complained]: Buffer[][] = [[], []]
  child.stdout.on('data', (part: Buffer) => said!.push(part))
  child.stderr.on('data', (part: Buffer) => complained!.push(part))
  const status = await new Promise<number | null>((done) => child.once('close', done))
  const printed = Buffer.concat(said!).toString('utf8')
  if (status !== 0 || printed === '')
    throw new Error(
      `the client ended with ${status}: ${Buffer.concat(complained!).toString('utf8').slice(-2_000)}`,
    )
  // Clients print what they think of an answer.
  return JSON.parse(printed.trimEnd().split('\n').at(-1) ?? '')
}
