/** Text from a pack is somebody else's: on a terminal it must not move the cursor, recolour or hide anything. */

const MAX_SHOWN = 300

/** Control, format and line-breaking characters become their code point in angle brackets. */
export function visible(text: string): string {
  const shown = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
  return shown.replaceAll(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu,
    (character) => `<U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}>`,
  )
}
