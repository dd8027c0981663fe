/** Whether telling somebody would reach them: a screen tells only those who look at it. */

/**
 * @param plans by account id, of everybody whom a step means: what would be sent to them away from a screen
 * @returns those who should count as nobody: `unreachable` of `begin-step`
 */
export const unreachableAmong = (
  accountIds: readonly string[],
  plans: ReadonlyMap<string, readonly unknown[]>,
): readonly string[] => accountIds.filter((accountId) => (plans.get(accountId) ?? []).length === 0)
