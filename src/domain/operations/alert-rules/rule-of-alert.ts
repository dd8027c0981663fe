/** Which rule an alert came from: by name, where a chart fills the name in by its pattern, and of several by their labels. */

export type KnownRule = {
  readonly name: string
  /** Parts between what a chart fills in, in their order; null when the name stands as it is. */
  readonly nameParts: readonly string[] | null
  readonly labels: Readonly<Record<string, string>>
}

/** `NodeCPU{{ .Values.limit }}Percent` is any name that begins and ends so; a name that is all template is nobody's. */
export const namePartsOf = (name: string, templated: boolean): readonly string[] | null => {
  if (!templated) return null
  return name.split(/\{\{.*?\}\}/s)
}

const fits = (parts: readonly string[], name: string): boolean => {
  const [first = '', last = ''] = [parts[0], parts.at(-1)]
  if (parts.join('') === '' || parts.length < 2) return false
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length)
    return false
  let at = first.length
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, at)
    if (found < 0 || found + part.length > name.length - last.length) return false
    at = found + part.length
  }
  return true
}

export const isNamed = (
  { name, nameParts }: Pick<KnownRule, 'name' | 'nameParts'>,
  alertName: string,
): boolean => (nameParts === null ? name === alertName : fits(nameParts, alertName))

/** Same labels count for a rule, other ones against it; what a template fills in says nothing. */
const likeness = ({ labels }: KnownRule, of: Readonly<Record<string, string>>): number =>
  Object.entries(labels).reduce(
    (sum, [name, value]) => (value.includes('{{') ? sum : sum + (of[name] === value ? 1 : -1)),
    0,
  )

/** @returns the rule that is most like it; the first of equals */
export const ruleOfAlert = <Rule extends KnownRule>(
  rules: readonly Rule[],
  alert: { readonly name: string; readonly labels: Readonly<Record<string, string>> },
): Rule | undefined => {
  let best: { rule: Rule; like: number } | undefined
  for (const rule of rules) {
    if (!isNamed(rule, alert.name)) continue
    // A name that stands as it is before one that only fits.
    const like = likeness(rule, alert.labels) + (rule.nameParts === null ? 0.5 : 0)
    if (!best || like > best.like) best = { rule, like }
  }
  return best?.rule
}
