/** What a rule has to say about a rota, a policy or a file comes back under `findings`: said to whoever asked, as refusals are. */
import { languageOf, type Reader } from '../messages/languages.ts'
import { saidTo } from '../messages/said.ts'

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const sayFinding = (finding: unknown, reader: Reader): unknown =>
  isObject(finding) && typeof finding['detail'] === 'string'
    ? { ...finding, detail: saidTo(reader, finding['detail']) }
    : finding

const walk = (value: unknown, reader: Reader): unknown => {
  if (Array.isArray(value)) return value.map((each) => walk(each, reader))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      key === 'findings' && Array.isArray(each)
        ? each.map((finding) => sayFinding(finding, reader))
        : walk(each, reader),
    ]),
  )
}

/** @param reply as its contract has it; the same object for whoever reads English */
export const sayFindings = <T>(reply: T, reader: Reader): T =>
  languageOf(reader).tag === 'en' ? reply : (walk(reply, reader) as T)
