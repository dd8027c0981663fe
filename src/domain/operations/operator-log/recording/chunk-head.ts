/** The running head of a recording: one hash that names every chunk so far and their order. */

export type Sha256 = (bytes: Uint8Array) => Uint8Array

/** The head before the first chunk: 32 zero bytes. */
export const emptyHead = (): Uint8Array => new Uint8Array(32)

/** Keeps a chunk head apart from Merkle leaves (0x00), nodes (0x01) and anything else hashed in the ledger. */
const CHUNK_HEAD_TAG = 0x03

/**
 * h_i = SHA-256(0x03 || h_{i-1} || sha256(chunk_i)). The chunk is hashed as it is stored and sent (gzip bytes), so a
 * server can check it before it unpacks anything.
 * @throws RangeError when a hash is not 32 bytes: a shorter one would make two different chains hash alike.
 */
export const nextHead = (previousHead: Uint8Array, chunkSha256: Uint8Array, sha256: Sha256): Uint8Array => {
  if (previousHead.length !== 32 || chunkSha256.length !== 32) {
    throw new RangeError('A chunk head is made of two hashes of 32 bytes')
  }
  const preimage = new Uint8Array(65)
  preimage[0] = CHUNK_HEAD_TAG
  preimage.set(previousHead, 1)
  preimage.set(chunkSha256, 33)
  return sha256(preimage)
}
