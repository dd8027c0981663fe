/** Writes docs/permissions.md: who may do what, from the one table that the server asks. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { may, permissions, ROLES, type Permission } from '../../src/domain/people/permissions.ts'

export const permissionsPage = (): string => {
  const columns = [...ROLES, 'contact', 'integration key']
  const row = (permission: Permission): string => {
    const marks = [
      ...ROLES.map((role) => may({ kind: 'person', roles: [role] }, permission)),
      may({ kind: 'contact' }, permission),
      may({ kind: 'integration' }, permission),
    ].map((allowed) => (allowed ? 'yes' : ''))
    return `| \`${permission}\` | ${marks.join(' | ')} |`
  }
  return [
    '# Permissions',
    '',
    'Written by `tools/generate/permissions.ts` from `src/domain/people/permissions.ts`. Whoever has several roles may',
    'do what any of them may. A personal API token may be given a permission, all of an area (`decisions.*`) or `*`; it',
    'narrows what its owner may do and never widens it. A customer contact sees only what belongs to their customer.',
    'Each route names its permission in `/openapi.json` (`x-permission`).',
    '',
    `| permission | ${columns.join(' | ')} |`,
    `| --- | ${columns.map(() => '---').join(' | ')} |`,
    ...(Object.keys(permissions) as Permission[]).map(row),
    '',
  ].join('\n')
}

if (import.meta.main) {
  writeFileSync(join(import.meta.dirname, '../../docs/permissions.md'), permissionsPage())
  console.log('docs/permissions.md is current')
}
