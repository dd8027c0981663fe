/** The name of a role as people say it. */
import type { Role } from '../../../domain/people/permissions.ts'
import { roles } from '../../messages/en/roles.ts'
import { translator } from '../../messages/translate.ts'

const t = translator('roles', roles)

export const roleName = (role: Role): string => t(role)
