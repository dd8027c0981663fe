// Holds what the server says to people to its catalogues: a page or a mail with words of its own can never be translated.
import { importsOf } from './layers.ts'
import { isTest, lineAt, parse, type Finding, type Node, type SourceFile } from './source-files.ts'

/** Whoever imports one of these writes to people: markup, pages, mails, notifications, calendars, or sentences of a catalogue. */
const speaking = new Set(['html', 'plainPage', 'sendMail', 'sendPush', 'icalendar', 'say'])
/** Where they come from, for whoever loads the whole of it when first needed. */
const speakingFile = /(^|\/)(html|plain-page|mail|web-push|messages)\.ts$/

/** A pack's own page is evidence: the same bytes whoever asks, so it has one language, as its format says. */
const inOneLanguage = 'src/server/evidence/audit-packs/'

/** What is recorded or told to programs, by the name it is given under: English, like the codes beside it. */
const recorded = new Set(['detail', 'reason', 'answer', 'key'])
/** Calls whose words are for the log, for the metrics, for the record, or are the catalogue itself. */
const freeCalls = new Set(['catalogue', 'trusted', 'count', 'forgetSubscription'])
const logging = new Set(['trace', 'debug', 'info', 'warn', 'error', 'fatal'])

const WORDS = /\p{L}{2,}[,:]? +(\p{L}{2,}|\0)|\0[,:]? +\p{L}{2,}/u
const WORD = /\p{L}{2,}/u
const SPOKEN_ATTRIBUTE = /\b(?:title|alt|placeholder|aria-label)\s*=\s*"[^"]*\p{L}{2,}[^"]*"/u

/** Words in markup or in sentences, in files of the server that write to people. */
export function inlineWords(files: readonly SourceFile[]): Finding[] {
  return files.filter(isHeld).flatMap((file) => {
    const findings: Finding[] = []
    visit(parse(file).program as unknown as Node, (node, words) =>
      findings.push({
        path: file.path,
        line: lineAt(file.text, node.start),
        message: `says "${words}" by itself; sentences for people stand in the messages.ts of the area`,
      }),
    )
    return findings
  })
}

function isHeld(file: SourceFile): boolean {
  const { path } = file
  if (!path.startsWith('src/server/') || path.startsWith(inOneLanguage)) return false
  if (isTest(path) || path.includes('/testing/') || path.endsWith('/messages.ts')) return false
  return importsOf(file).some(({ specifier, values }) =>
    values.some((name) => speaking.has(name) || (name === '*' && speakingFile.test(specifier))),
  )
}

type Found = (node: Node, words: string) => unknown

function visit(value: unknown, found: Found): void {
  if (Array.isArray(value)) return value.forEach((one) => visit(one, found))
  if (typeof value !== 'object' || value === null) return
  const node = value as Node
  if (typeof node.type !== 'string' || isFree(node)) return
  const words = wordsIn(node)
  if (words !== undefined) found(node, words)
  // The pieces of a template were judged as one.
  if (node.type === 'TaggedTemplateExpression') return visit((node['quasi'] as Node)['expressions'], found)
  for (const child of Object.values(node)) visit(child, found)
}

/** Errors are told by their code, imports and types are no words, and logs are for whoever runs the server. */
function isFree(node: Node): boolean {
  if (
    /^(ThrowStatement|ImportDeclaration|Export(All|Named)Declaration$|TS(TypeAnnotation|TypeAlias|Interface))/.test(
      node.type,
    )
  )
    return !(node.type === 'ExportNamedDeclaration' && node['declaration'])
  if (node.type === 'Property') return recorded.has((node['key'] as { name?: string }).name ?? '')
  if (node.type === 'ObjectExpression') return isRoute(node)
  if (node.type === 'VariableDeclarator') return recorded.has((node['id'] as { name?: string }).name ?? '')
  if (node.type === 'NewExpression')
    return /(Fault|Error)$/.test((node['callee'] as { name?: string }).name ?? '')
  if (node.type !== 'CallExpression') return false
  const { name = '', property } = node['callee'] as { name?: string; property?: { name?: string } }
  return freeCalls.has(name) || logging.has(property?.name ?? '')
}

/** What a route says of itself stands in the API's description. */
const isRoute = (node: Node): boolean =>
  (node['properties'] as { key?: { name?: string } }[]).some(({ key }) => key?.name === 'permission')

function wordsIn(node: Node): string | undefined {
  if (node.type === 'TaggedTemplateExpression') return inMarkup(textOf(node['quasi'] as Node))
  if (node.type === 'TemplateLiteral') return WORDS.exec(textOf(node))?.[0].replaceAll('\0', '…')
  if (node.type === 'Literal' && typeof node['value'] === 'string') return WORDS.exec(node['value'])?.[0]
  return undefined
}

/** The fixed text, with \0 where something is filled in. */
const textOf = (template: Node): string =>
  (template['quasis'] as { value: { cooked: string } }[]).map(({ value }) => value.cooked).join('\0')

/** What is left of markup without tags and attributes is read by people; so are some attributes. */
function inMarkup(markup: string): string | undefined {
  const attribute = SPOKEN_ATTRIBUTE.exec(markup)?.[0]
  if (attribute) return attribute.replaceAll('\0', '…')
  const text = markup
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/[\w-]+="[^"]*"/g, ' ')
    .replaceAll(/&\w+;/g, ' ')
  return WORD.test(text) ? text.replaceAll('\0', '…').replaceAll(/\s+/g, ' ').trim() : undefined
}
