/** Which alerts belong together: the labels [group, severity, cluster], as platform rules carry them. */

/**
 * Rules without a `group` label fall back to their alert name. The parts are joined as a JSON list, so that no label
 * value can imitate another group.
 */
export const alertGroupKey = (labels: Readonly<Record<string, string>>): string =>
  JSON.stringify([
    labels['group'] || labels['alertname'] || '',
    (labels['severity'] ?? '').trim().toLowerCase(),
    labels['cluster'] ?? '',
  ])
