/** What somebody without keys can do: the manifest stays as it was signed. */

import { utf8 } from '../../../src/domain/evidence/ledger/index.ts'
import { honest, path, replaced, outsider, flipped } from './trial.ts'
import type { Trial } from './trial.ts'

export function outsiderAttacks(): readonly Trial[] {
  const manifest = honest.get('manifest.json')!
  return [
    outsider('an entry edited by somebody without keys', 1, {
      [path.bundle]: flipped(honest.get(path.bundle)!, 700),
    }),
    outsider('the readable page edited', 1, { 'README.html': utf8('<p>All is well.') }),
    outsider('one letter of the readable page edited', 1, {
      'README.html': replaced('README.html', 'Fictional', 'Factional'),
    }),
    outsider('a file added', 1, { 'extra.txt': utf8('hello') }),
    outsider('a file removed', 1, { 'README.html': undefined }),
    outsider('the purpose in the manifest edited', 1, {
      'manifest.json': replaced('manifest.json', 'Sample', 'Simple'),
    }),
    outsider('a file struck off the manifest', 1, {
      'manifest.json': replaced('manifest.json', /\{"path":"keys\.txt"[^}]*\},?/, ''),
    }),
    outsider('the signature under the manifest removed', 2, { 'manifest.note': undefined }),
    outsider('the manifest removed', 2, { 'manifest.json': undefined }),
    outsider('the manifest written with spaces', 1, {
      'manifest.json': utf8(` ${new TextDecoder().decode(manifest)}`),
    }),
    outsider('a name twice in the manifest', 1, {
      'manifest.json': replaced('manifest.json', '"v":1}', '"v":1,"v":1}'),
    }),
    outsider('a note that is not UTF-8', 1, { 'manifest.note': Uint8Array.of(0xff, 0xfe, 0x0a) }),
  ]
}
