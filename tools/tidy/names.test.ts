// Guard: no empty names, and one way of writing names.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { emptyNames, oddlyWrittenNames } from './names.ts'
import { projectPaths, sentences } from './source-files.ts'

test('empty names are caught as files, folders and endings; the field’s own words are not', () => {
  const planted = [
    'src/web/utils/x.ts',
    'src/web/dateUtils.ts',
    'src/server/helpers.ts',
    'src/cli/page-service.ts',
    'src/domain/data.ts',
  ]
  assert.deepEqual(
    emptyNames(planted).map(({ path }) => path),
    planted,
  )
  const good = [
    'src/web/operations/service-desk/queue.ts',
    'src/domain/people/delivery-manager.ts',
    'src/contract/backlog-item.ts',
  ]
  assert.deepEqual(emptyNames(good), [])
})

test('camelCase files are caught, PascalCase components are not', () => {
  const planted = ['src/server/schedulePage.ts', 'src/web/parts/Button.ts']
  assert.deepEqual(
    oddlyWrittenNames(planted).map(({ path }) => path),
    planted,
  )
  assert.deepEqual(
    oddlyWrittenNames([
      'src/web/parts/Button.tsx',
      'src/web/parts/Button.module.css',
      'src/web/main.tsx',
      'src/server/page.test.ts',
    ]),
    [],
  )
})

test('the project’s names say what they are', () => {
  const paths = projectPaths()
  assert.deepEqual(sentences([...emptyNames(paths), ...oddlyWrittenNames(paths)]), [])
})
