/** The text of docs/config.md: every setting of the server, from the one table that reads them. */
import { z } from 'zod'
import { settings } from '../../src/server/platform/config.ts'

type Shape = { default?: unknown; minimum?: number; maximum?: number; enum?: readonly string[] }

const defaultOf = ({ default: value }: Shape): string => (value === undefined ? '' : `\`${String(value)}\``)

const rangeOf = ({ minimum, maximum, enum: values }: Shape): string => {
  if (values) return ` One of ${values.map((value) => `\`${value}\``).join(', ')}.`
  return minimum !== undefined && maximum !== undefined ? ` From ${minimum} to ${maximum}.` : ''
}

export const configPage = (): string => {
  const rows = Object.entries(settings).map(([name, { schema, about, ...rest }]) => {
    const shape = z.toJSONSchema(schema as z.ZodType, { io: 'input', unrepresentable: 'any' }) as Shape
    const secret = 'secret' in rest ? ' Never logged or shown.' : ''
    return `| \`${name}\` | ${defaultOf(shape)} | ${about.replaceAll('|', '\\|')}${rangeOf(shape)}${secret} |`
  })
  return [
    '# Configuration',
    '',
    'Written by `tools/generate/pages.ts` from `src/server/platform/config.ts`. Everything is set by environment',
    'variables; an empty value counts as unset. A start with unusable values names all of them at once and does nothing',
    'else.',
    '',
    '| variable | default | meaning |',
    '| --- | --- | --- |',
    ...rows,
    '',
    'The command line (`fortnight`) reads `FORTNIGHT_URL` and `FORTNIGHT_TOKEN`, or what `fortnight login` stored.',
    '',
  ].join('\n')
}
