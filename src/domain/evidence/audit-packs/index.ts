/** The audit pack's public face: build one, judge one. */

export { buildPack } from './build-pack.ts'
export * from './format.ts'
export type { PackCrypto } from './pack-reading.ts'
export * from './pack-parts.ts'
export { isQuorum, parsePolicy } from './policy.ts'
export type { Policy, Quorum } from './policy.ts'
export type { BlobVerdict, EntryVerdict, FieldVerdict, Finding, LogVerdict, Verdict } from './verdict.ts'
export { crc32 } from './crc32.ts'
export { verifyPack } from './verify-pack.ts'
export { writeZip } from './zip-write.ts'
export type { ZipEntry } from './zip-write.ts'
