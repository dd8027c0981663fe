// Tells whether what tools/build makes still fits the sources. Plain JavaScript: `npm start` asks before the pinned Node runs.
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'

/** What each build is made of. Contents decide: times of files say nothing after a clone or a checkout. */
export const builds = {
  web: {
    output: 'dist/web',
    inputs: [
      'src/web',
      'src/contract',
      'src/domain',
      'vite.config.ts',
      'tsconfig.web.json',
      'package-lock.json',
      'tools/build/web.ts',
    ],
  },
  server: {
    output: 'dist/server',
    inputs: ['src/server', 'src/contract', 'src/domain', 'package-lock.json', 'tools/build/server.ts'],
  },
}

const stampName = 'inputs.sha256'
/** Nothing of these is part of a build, and they change most often. */
const besides = /\.(test|fixture)\.tsx?$|^src\/server\/testing\//

/** Digest over names and contents of everything that goes into a build; missing inputs count as empty. */
export function inputsDigest(root, name) {
  const digest = createHash('sha256')
  for (const path of builds[name].inputs.flatMap((input) => filesUnder(root, input)).sort()) {
    const content = readFileSync(join(root, path))
    digest.update(`${path}\0${content.length}\0`).update(content)
  }
  return digest.digest('hex')
}

function filesUnder(root, path) {
  const found = statSync(join(root, path), { throwIfNoEntry: false })
  if (!found) return []
  if (found.isFile()) return besides.test(path) ? [] : [path]
  return readdirSync(join(root, path)).flatMap((name) => filesUnder(root, `${path}/${name}`))
}

/** @param folder where the stamp lies, if not in the build's own folder */
export function isBuilt(root, name, digest = inputsDigest(root, name)) {
  const path = join(root, builds[name].output, stampName)
  return existsSync(path) && readFileSync(path, 'utf8') === digest
}

/** The last thing a build does. */
export function writeStamp(folder, digest) {
  const path = join(folder, stampName)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.${process.pid}`, digest)
  renameSync(`${path}.${process.pid}`, path)
}
