/** What other projects publish to check implementations with: Merkle proofs good and malformed, hashes, Ed25519 edge cases. */

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { hexOf } from './bytes.ts'
import { verifyConsistency } from './consistency.ts'
import { ed25519Verify, sha256, vectorsAt } from './crypto-for-tests.test.ts'
import { verifyInclusion } from './inclusion.ts'
import { emptyRoot, leafHash, nodeHash } from './rfc6962.ts'

const read = (folder: string, file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'))
const bytes = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'))

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'))

type InclusionVector = {
  leafIdx: number
  treeSize: number
  root: string
  leafHash: string
  proof: readonly string[] | null
  wantErr: boolean
}
type ConsistencyVector = {
  size1: number
  size2: number
  root1: string
  root2: string
  proof: readonly string[] | null
  wantErr: boolean
}

const merkle = vectorsAt('merkle-transparency-dev', 'testdata')

test(
  '98 inclusion proofs of transparency-dev/merkle are judged as their authors judge them',
  { skip: merkle.skip },
  () => {
    const folder = join(merkle.folder, 'inclusion')
    const files = filesIn(folder)
    assert.equal(files.length, 98)
    for (const file of files) {
      const vector = read(folder, file) as InclusionVector
      const claim = {
        index: vector.leafIdx,
        size: vector.treeSize,
        leafHash: bytes(vector.leafHash),
        proof: (vector.proof ?? []).map(bytes),
        root: bytes(vector.root),
      }
      assert.equal(verifyInclusion(claim, sha256), !vector.wantErr, file)
    }
  },
)

test(
  '98 consistency proofs likewise, but for a root that is no hash, which only they accept',
  { skip: merkle.skip },
  () => {
    const folder = join(merkle.folder, 'consistency')
    const files = filesIn(folder)
    assert.equal(files.length, 98)
    const differing: string[] = []
    for (const file of files) {
      const vector = read(folder, file) as ConsistencyVector
      const claim = {
        oldSize: vector.size1,
        newSize: vector.size2,
        oldRoot: bytes(vector.root1),
        newRoot: bytes(vector.root2),
        proof: (vector.proof ?? []).map(bytes),
      }
      if (verifyConsistency(claim, sha256) === vector.wantErr) differing.push(file)
    }
    // Its two roots are the 12 bytes of "dont care 2".
    assert.deepEqual(differing, [join('additional', 'sizes-are-equal-one-and-proof-is-empty.json')])
  },
)

const rfc6962 = vectorsAt('rfc6962')

test('leaf, node and empty hashes are those of RFC 6962', { skip: rfc6962.skip }, () => {
  const vectors = read(rfc6962.folder, 'hash-vectors.json') as {
    empty_root: string
    empty_leaf: string
    leaf: { data_utf8: string; hash: string }
    node: { left_utf8: string; right_utf8: string; hash: string }
  }
  assert.equal(hexOf(emptyRoot(sha256)), vectors.empty_root)
  assert.equal(hexOf(leafHash(new Uint8Array(0), sha256)), vectors.empty_leaf)
  assert.equal(hexOf(leafHash(Buffer.from(vectors.leaf.data_utf8), sha256)), vectors.leaf.hash)
  const { left_utf8: left, right_utf8: right, hash } = vectors.node
  assert.equal(hexOf(nodeHash(Buffer.from(left), Buffer.from(right), sha256)), hash)
})

const wycheproof = vectorsAt()

test('151 Ed25519 edge cases of Wycheproof are judged as they should be', { skip: wycheproof.skip }, () => {
  const file = read(wycheproof.folder, 'ed25519_wycheproof.json') as {
    testGroups: readonly {
      publicKey: { pk: string }
      tests: readonly { tcId: number; msg: string; sig: string; result: 'valid' | 'invalid' }[]
    }[]
  }
  let count = 0
  for (const { publicKey, tests } of file.testGroups) {
    for (const { tcId, msg, sig, result } of tests) {
      const [key, message, signature] = [publicKey.pk, msg, sig].map((hex) => Buffer.from(hex, 'hex')) as [
        Buffer,
        Buffer,
        Buffer,
      ]
      assert.equal(ed25519Verify(key, message, signature), result === 'valid', `case ${tcId}`)
      count++
    }
  }
  assert.equal(count, 151)
})
