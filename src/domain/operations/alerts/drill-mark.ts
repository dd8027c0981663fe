/** By what intake knows the alert of a drill: it is about the path and not about a machine, so that no alert policy treats it. */

/** The first half of its fingerprint; one alert in four thousand million has it by chance. */
const MARK = 'd4111d41'

/** @param random 8 hexadecimal digits */
export const drillFingerprint = (random: string): string => `${MARK}${random}`

export const isDrillFingerprint = (fingerprint: string): boolean =>
  fingerprint.length === 16 && fingerprint.startsWith(MARK)
