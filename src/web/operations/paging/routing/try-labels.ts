/** Labels as they are typed to try a rule: `name=value`, one on each line. */

/** @returns `fault`: the number, from 1, of the first line that is none */
export const readLabels = (
  text: string,
): { readonly labels: Readonly<Record<string, string>>; readonly fault: number | undefined } => {
  const lines = text.split('\n').map((line) => line.trim())
  const broken = lines.findIndex((line) => line !== '' && !/^[^=\s]+\s*=/.test(line))
  const labels = Object.fromEntries(
    lines
      .filter((line) => line.includes('='))
      .map((line) => {
        const place = line.indexOf('=')
        return [line.slice(0, place).trim(), line.slice(place + 1).trim()]
      }),
  )
  return { labels, fault: broken === -1 ? undefined : broken + 1 }
}
