/** Text as people wrote it: paragraphs, bullets, code and links of Markdown; everything else stays as it was typed. */
import type { ReactNode } from 'react'
import styles from './Prose.module.css'

const INLINE = /(`[^`\n]+`|https?:\/\/[^\s<>"')\]]+|\*\*[^*\n]+\*\*)/g

/** Only ever text, code, emphasis and links to http(s): nothing that was typed can become anything else. */
const inline = (text: string): ReactNode[] => {
  let at = 0
  return text.split(INLINE).map((part) => {
    const key = at
    at += part.length
    if (part.startsWith('`') && part.endsWith('`') && part.length > 2)
      return <code key={key}>{part.slice(1, -1)}</code>
    if (part.startsWith('**') && part.endsWith('**') && part.length > 4)
      return <strong key={key}>{part.slice(2, -2)}</strong>
    if (/^https?:\/\//.test(part))
      return (
        <a key={key} href={part} className="link" target="_blank" rel="noreferrer noopener">
          {part}
        </a>
      )
    return part
  })
}

const Block = ({ text }: { text: string }) => {
  if (text.startsWith('```')) return <pre>{text.replace(/^```\w*\n?|\n?```$/g, '')}</pre>
  const lines = text.split('\n')
  if (lines.every((line) => /^\s*([-*]|\d+\.)\s/.test(line)))
    return (
      <ul>
        {lines.map((line) => (
          <li key={line}>{inline(line.replace(/^\s*([-*]|\d+\.)\s/, ''))}</li>
        ))}
      </ul>
    )
  return <p>{inline(text.replace(/^#+\s+/, ''))}</p>
}

export const Prose = ({ text }: { text: string }) => (
  <div className={styles.prose}>
    {text
      .replaceAll('\r\n', '\n')
      .split(/\n{2,}(?![^`]*```$)/)
      .filter((block) => block.trim() !== '')
      .map((block) => (
        <Block key={block} text={block.trimEnd()} />
      ))}
  </div>
)
