/** An installation always has somebody who may administer it. */
import { refuse, type Refusal } from '../refusal.ts'

/**
 * @param administrators ids of all accounts that administer now
 * @param leaving the account that would be archived or lose the role
 */
export const mayLeaveAdministration = (
  administrators: readonly string[],
  leaving: string,
): Refusal<'last-administrator'> | undefined =>
  administrators.some((id) => id !== leaving)
    ? undefined
    : refuse('last-administrator', 'This is the only administrator. Give the role to somebody else first.')
