/** Follows what spans lines, keys and manifests, and says from where on nothing may be given away yet. */
import { isUnfinished, keyBeginsAt, readKeyLine } from './key-block.ts'
import type { KeyBlock } from './key-block.ts'
import { looksEncoded, manifestValue, readManifestLine } from './secret-manifest.ts'
import type { ManifestLine } from './secret-manifest.ts'

/** A part to cut, in the offsets of the line positions that were given. */
export type StructureSpan = {
  readonly from: number
  readonly to: number
  readonly rule: 'private-key' | 'secret-manifest'
  readonly secret: string
}

/** A line's visible text and where its characters lie in the stream. */
export type PlacedLine = { readonly text: string; readonly at: (visibleOffset: number) => number }

export type StructureFollower = {
  /** True while lines must be given one by one; otherwise only those that `isTelling`. */
  readonly isOpen: () => boolean
  /** Offset of the first character that is not settled, or null. */
  readonly heldFrom: () => number | null
  readonly line: (line: PlacedLine) => readonly StructureSpan[]
  /** The output is over: what is open is settled on the side of caution. */
  readonly end: () => readonly StructureSpan[]
}

/** Lines that can open a structure or change what is known of one; everything else may be skipped unread. */
export const TELLING_LINE = /PRIVATE KEY|(?:kind|[dD]ata|apiVersion)"?:|^(?:---|\.\.\.)\s*$/gm

const HELD_LINES_MAX = 2_000
const HELD_LENGTH_MAX = 64 * 1024

type Manifest = {
  readonly kind: 'manifest'
  readonly from: number
  readonly indent: number
  readonly isSecret: boolean
  readonly values: StructureSpan[]
  inBlock: boolean
  lines: number
}

export const openStructureFollower = (): StructureFollower => new LineFollower()

class LineFollower implements StructureFollower {
  #open: KeyBlock | Manifest | null = null
  readonly #kinds = new Map<number, string>()

  isOpen(): boolean {
    return this.#open !== null
  }

  heldFrom(): number | null {
    const open = this.#open
    return open === null || (open.kind === 'manifest' && open.isSecret) ? null : open.from
  }

  line(line: PlacedLine): readonly StructureSpan[] {
    const open = this.#open
    if (open === null) return this.#idle(line)
    return open.kind === 'key' ? this.#inKey(open, line) : this.#inManifest(open, line)
  }

  end(): readonly StructureSpan[] {
    const last = this.#open
    this.#open = null
    this.#kinds.clear()
    if (last === null) return []
    return last.kind === 'key' ? [keySpan(last)] : settled(last, null)
  }

  #idle(line: PlacedLine): readonly StructureSpan[] {
    const keyAt = keyBeginsAt(line.text)
    if (keyAt !== null) {
      this.#open = {
        kind: 'key',
        from: line.at(keyAt),
        to: line.at(line.text.length),
        body: line.text.slice(keyAt),
        foreignLines: 0,
      }
      return []
    }
    const read = readManifestLine(line.text)
    rememberKind(this.#kinds, read)
    if (read.kind !== 'data') return []
    const known = this.#kinds.get(read.indent)
    if (known !== undefined && known !== 'Secret' && !read.plain) return []
    this.#open = {
      kind: 'manifest',
      from: line.at(0),
      indent: read.indent,
      isSecret: known === 'Secret' || read.plain,
      values: [],
      inBlock: true,
      lines: 0,
    }
    return []
  }

  #inKey(block: KeyBlock, line: PlacedLine): readonly StructureSpan[] {
    const read = readKeyLine(line.text)
    if (read.ends) {
      this.#open = null
      const body = block.body + line.text.slice(0, read.visibleTo)
      return [keySpan({ ...block, to: line.at(read.visibleTo), body })]
    }
    const to = line.at(line.text.length)
    if (to - block.from > HELD_LENGTH_MAX) {
      // Longer than any key: cut what there is and go on cutting, in pieces.
      this.#open = { ...block, from: to, to, body: '', foreignLines: 0 }
      return [keySpan({ ...block, to, body: block.body + line.text })]
    }
    const next = read.belongs
      ? { ...block, to, body: block.body + line.text, foreignLines: 0 }
      : { ...block, foreignLines: block.foreignLines + 1 }
    this.#open = isUnfinished(next) ? null : next
    return this.#open === null ? [keySpan(next)] : []
  }

  #inManifest(manifest: Manifest, line: PlacedLine): readonly StructureSpan[] {
    const read = readManifestLine(line.text)
    manifest.lines++
    if (manifest.lines > HELD_LINES_MAX || line.at(0) - manifest.from > HELD_LENGTH_MAX) {
      return this.#settle(manifest, null, line)
    }
    if (read.kind === 'blank') return []
    if (manifest.inBlock) {
      if (read.kind !== 'separator' && read.indent > manifest.indent) return takeValue(manifest, line)
      manifest.inBlock = false
      if (manifest.isSecret) return this.#settle(manifest, 'Secret', line)
    }
    if (read.kind === 'kind' && read.indent === manifest.indent)
      return this.#settle(manifest, read.name, line)
    const leaves =
      read.kind === 'separator' || read.kind === 'document-start' || read.indent < manifest.indent
    return leaves ? this.#settle(manifest, null, line) : []
  }

  /** Ends the hold; the line that ended it is read again, as it may open the next thing. */
  #settle(manifest: Manifest, kind: string | null, line: PlacedLine): readonly StructureSpan[] {
    this.#open = null
    return [...settled(manifest, kind), ...this.#idle(line)]
  }
}

const takeValue = (manifest: Manifest, line: PlacedLine): readonly StructureSpan[] => {
  const value = manifestValue(line.text)
  if (value === null) return []
  const span: StructureSpan = {
    from: line.at(value.from),
    to: line.at(value.to - 1) + 1,
    rule: 'secret-manifest',
    secret: line.text.slice(value.from, value.to),
  }
  if (manifest.isSecret) return [span]
  manifest.values.push(span)
  return []
}

const keySpan = (block: KeyBlock): StructureSpan => ({
  from: block.from,
  to: block.to,
  rule: 'private-key',
  secret: block.body,
})

const settled = (manifest: Manifest, kind: string | null): readonly StructureSpan[] => {
  if (manifest.isSecret) return []
  const isSecret =
    kind === null ? looksEncoded(manifest.values.map((value) => value.secret)) : kind === 'Secret'
  return isSecret ? manifest.values : []
}

/** A kind holds for its own indent until the next document or list item there. */
const rememberKind = (kinds: Map<number, string>, line: ManifestLine): void => {
  switch (line.kind) {
    case 'separator':
      kinds.clear()
      return
    case 'document-start':
    case 'kind':
      for (const indent of kinds.keys()) if (indent >= line.indent) kinds.delete(indent)
      if (line.kind === 'kind') kinds.set(line.indent, line.name)
      return
    case 'data':
    case 'other':
    case 'blank':
      return
  }
}
