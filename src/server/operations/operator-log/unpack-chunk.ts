/** Unpacks a chunk of a recording beside the event loop, and never more of it than a recorder puts into one. */
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { Fault } from '../../platform/faults.ts'

/** A recorder seals a chunk at 256 KiB; a kilobyte of gzip could otherwise become a gigabyte here. */
const LARGEST_UNPACKED_BYTES = 4 * 1024 * 1024

const unpack = promisify(gunzip) as (
  bytes: Uint8Array,
  limits: { maxOutputLength: number },
) => Promise<Buffer>

/** @throws Fault too-large or bad-request when nobody could ever read it */
export const unpackChunk = async (bytes: Uint8Array): Promise<Buffer> => {
  try {
    return await unpack(bytes, { maxOutputLength: LARGEST_UNPACKED_BYTES })
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE')
      throw new Fault('too-large', 'A chunk unpacks to at most 4 MiB. It was not stored.', { cause: error })
    throw new Fault('bad-request', 'The chunk is no whole gzip file. It was not stored.', { cause: error })
  }
}
