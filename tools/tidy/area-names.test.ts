// Guard: areas have the same name in every room.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unknownAreas } from './area-names.ts'
import { projectPaths, sentences } from './source-files.ts'

test('an area under another name or in another half is caught', () => {
  assert.equal(unknownAreas(['src/web/operations/oncall/Rota.tsx']).length, 1)
  assert.equal(unknownAreas(['src/server/people/on-call/store.ts']).length, 1)
  assert.deepEqual(
    unknownAreas([
      'src/web/operations/on-call/Rota.tsx',
      'src/web/shell/Frame.tsx',
      'src/domain/people/permissions.ts',
      'src/domain/time/zone.ts',
    ]),
    [],
  )
})

test('the project’s areas have one name each', () => {
  assert.deepEqual(sentences(unknownAreas(projectPaths())), [])
})
