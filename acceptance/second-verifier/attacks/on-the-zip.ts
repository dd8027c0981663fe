/** Zips that two readers would read differently, or that would do harm. */

import { utf8 } from '../../../src/domain/evidence/ledger/index.ts'
import { writeZip, zipOfFiles } from '../../../src/cli/verify/zip-write.ts'
import { honest } from './trial.ts'
import type { Trial } from './trial.ts'

export function zipAttacks(): readonly Trial[] {
  const entries = [...honest].map(([name, bytes]) => ({ name, bytes }))
  const good = Buffer.from(zipOfFiles(honest))
  const slip = { name: '../../../tmp/evil', bytes: utf8('x') }
  const central = good.readUInt32LE(good.length - 6)
  const renamed = Buffer.from(good)
  renamed.write('XEAD', 30)
  const encrypted = Buffer.from(good)
  encrypted.writeUInt16LE(encrypted.readUInt16LE(central + 8) | 1, central + 8)
  const commented = Buffer.concat([good, utf8('hi')])
  commented.writeUInt16LE(2, good.length - 2)
  const zip = (name: string, bytes: Uint8Array, expected: Trial['expected'] = 1): Trial => ({
    name,
    zip: bytes,
    expected,
  })
  return [
    zip(
      'a name twice in the zip, the second one forged',
      writeZip([...entries, { name: 'README.html', bytes: utf8('forged') }]),
    ),
    zip(
      'a name twice but for capitals',
      writeZip([...entries, { name: 'readme.html', bytes: utf8('forged') }]),
    ),
    zip('a name that leads out of the folder', writeZip([...entries, slip])),
    zip('an absolute name', writeZip([...entries, { ...slip, name: '/tmp/evil' }])),
    zip('a backslash in a name', writeZip([...entries, { ...slip, name: 'a\\..\\evil' }])),
    zip(
      'a symbolic link',
      writeZip([...entries, { name: 'link', bytes: utf8('/etc/passwd'), mode: 0o120777 }]),
    ),
    zip('a file that is also a folder', writeZip([...entries, { name: 'README.html/x', bytes: utf8('x') }])),
    zip('bytes behind the zip', Buffer.concat([good, utf8('tail')])),
    zip('a comment behind the zip', commented),
    zip('a zip cut short', good.subarray(0, -100)),
    zip('a local name that differs', renamed),
    zip('an encrypted file', encrypted),
    zip('something before the zip', Buffer.concat([utf8('#!/bin/sh\n'), good]), 2),
    zip('no zip at all', utf8('%PDF-1.7, which is no zip at all'), 2),
    zip('an empty zip', writeZip([]), 2),
  ]
}
