/** Asks a person at the terminal; what is secret is not shown while it is typed. */
import { createInterface } from 'node:readline/promises'
import { CommandFault } from './io.ts'

/** @throws CommandFault when the person leaves with Ctrl-C or Ctrl-D, or the input ends */
export const ask = async (question: string): Promise<string> => {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const leaving = new AbortController()
  lines.once('close', () => leaving.abort())
  try {
    return (await lines.question(question, { signal: leaving.signal })).trim()
  } catch (error) {
    if ((error as { name?: string }).name !== 'AbortError') throw error
    process.stderr.write('\n')
    throw new CommandFault('Nothing was changed.')
  } finally {
    lines.close()
  }
}

const CTRL_C = '\u0003'
const CTRL_D = '\u0004'
const BACKSPACE = '\u007f'

/** Reads one line from the terminal without echo. */
export const askSecret = (question: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { stdin, stderr } = process
    if (!stdin.isTTY) {
      reject(new CommandFault('There is no terminal to ask for the password. Use --token-stdin instead.'))
      return
    }
    stderr.write(question)
    stdin.setRawMode(true)
    stdin.resume()
    stdin.setEncoding('utf8')
    let typed = ''
    const finish = (end: () => void): void => {
      stdin.setRawMode(false)
      stdin.pause()
      stdin.off('data', onData)
      stderr.write('\n')
      end()
    }
    const onData = (keys: string): void => {
      for (const key of keys) {
        if (key === '\r' || key === '\n') return finish(() => resolve(typed))
        if (key === CTRL_C || key === CTRL_D)
          return finish(() => reject(new CommandFault('Nothing was changed.')))
        typed = key === BACKSPACE ? typed.slice(0, -1) : typed + key
      }
    }
    stdin.on('data', onData)
  })

export const readStdin = async (): Promise<string> => {
  const parts: Buffer[] = []
  for await (const part of process.stdin) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}
