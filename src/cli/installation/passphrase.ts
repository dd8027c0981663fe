/** The words that lock a backup of keys: from the environment, a file, or the terminal without an echo. */
import { readFileSync } from 'node:fs'
import { CommandFault, type Io } from '../shell/io.ts'
import { askSecret } from '../shell/prompt.ts'

export const PASSPHRASE_VARIABLE = 'FORTNIGHT_KEYS_PASSPHRASE'
const SHORTEST = 12

const fromFile = (file: string): string => {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  } catch {
    throw new CommandFault(`The passphrase file ${file} cannot be read.`)
  }
}

/** @param twice for a backup: a typing error would lock it for ever */
export const readPassphrase = async (io: Io, file: string | undefined, twice: boolean): Promise<string> => {
  const given = file === undefined ? io.env[PASSPHRASE_VARIABLE] : fromFile(file)
  if (given === undefined && !(io.isTerminal && process.stdin.isTTY))
    throw new CommandFault(
      `Say the passphrase with ${PASSPHRASE_VARIABLE} or --passphrase-file; there is no terminal to ask on.`,
    )
  const passphrase = given ?? (await askSecret('Passphrase for the keys: '))
  if (twice && passphrase.length < SHORTEST)
    throw new CommandFault(
      `A passphrase has at least ${SHORTEST} characters: whoever finds the file may try words at leisure.`,
    )
  if (twice && given === undefined && (await askSecret('Once more: ')) !== passphrase)
    throw new CommandFault('The two were not the same.')
  return passphrase
}
