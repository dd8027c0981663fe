/** OpsGenie's own description of its API (Swagger 2.0), where somebody laid it: what an answer of ours is held against. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

type Schema = {
  readonly $ref?: string
  readonly type?: string
  readonly format?: string
  readonly enum?: readonly unknown[]
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly allOf?: readonly Schema[]
}
type Operation = {
  readonly responses: Readonly<Record<string, { readonly schema?: Schema; readonly $ref?: string }>>
}
type Description = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly definitions: Readonly<Record<string, Schema>>
}

/** It is Apache-2.0 and not ours: never part of the project. */
export const descriptionPath =
  process.env['FORTNIGHT_OPSGENIE_OAS'] ??
  join(import.meta.dirname, '../../../../../shared/data/opsgenie-oas/swagger.json')
export const hasDescription = existsSync(descriptionPath)

const typeOf = (value: unknown): string => {
  if (Array.isArray(value)) return 'array'
  if (value === null) return 'null'
  return Number.isInteger(value) ? 'integer' : typeof value
}

export type PublicDescription = {
  /** What is wrong with an answer, in sentences; a status or an address that the description does not know is wrong, too. */
  readonly faultsOf: (method: string, path: string, status: number, body: unknown) => string[]
}

export const readDescription = (): PublicDescription => {
  const description = JSON.parse(readFileSync(descriptionPath, 'utf8')) as Description

  const faultsAt = (schema: Schema, value: unknown, at: string): string[] => {
    if (schema.$ref) {
      const name = schema.$ref.replace('#/definitions/', '')
      return faultsAt(description.definitions[name] ?? {}, value, at)
    }
    const faults = (schema.allOf ?? []).flatMap((part) => faultsAt(part, value, at))
    const type = typeOf(value)
    if (schema.type && schema.type !== type && !(schema.type === 'number' && type === 'integer'))
      return [...faults, `${at} is ${type}, described as ${schema.type}`]
    if (schema.enum && !schema.enum.includes(value))
      faults.push(`${at} is ${JSON.stringify(value)}, none of ${JSON.stringify(schema.enum)}`)
    if (schema.format === 'date-time' && Number.isNaN(Date.parse(String(value))))
      faults.push(`${at} is no instant: ${JSON.stringify(value)}`)
    if (Array.isArray(value) && schema.items)
      faults.push(
        ...value.flatMap((item, index) => faultsAt(schema.items as Schema, item, `${at}[${index}]`)),
      )
    if (type !== 'object') return faults
    const given = value as Readonly<Record<string, unknown>>
    for (const name of schema.required ?? []) if (!(name in given)) faults.push(`${at}.${name} is missing`)
    for (const [name, inner] of Object.entries(given)) {
      const known = schema.properties?.[name] ?? schema.additionalProperties
      if (known && typeof known === 'object') faults.push(...faultsAt(known, inner, `${at}.${name}`))
    }
    return faults
  }

  /** Literal parts before placeholders: `/v2/schedules/on-calls` is no schedule of that name. */
  const operationAt = (method: string, path: string): Operation | undefined => {
    const parts = path.split('?')[0]!.replace(/\/$/, '').split('/')
    const fits = Object.entries(description.paths).filter(([template, operations]) => {
      const wanted = template.split('/')
      return (
        operations[method.toLowerCase()] !== undefined &&
        wanted.length === parts.length &&
        wanted.every((part, index) => part === '{' + part.slice(1, -1) + '}' || part === parts[index])
      )
    })
    const placeholders = ([template]: readonly [string, unknown]) => template.split('{').length
    const [best] = fits.sort((a, b) => placeholders(a) - placeholders(b))
    return best?.[1][method.toLowerCase()]
  }

  return {
    faultsOf: (method, path, status, body) => {
      const operation = operationAt(method, path)
      if (!operation) return [`${method} ${path} is not described`]
      const response =
        operation.responses[String(status)] ?? (status >= 400 ? operation.responses['default'] : undefined)
      if (!response) return [`${method} ${path}: ${status} is not described`]
      return response.schema ? faultsAt(response.schema, body, `${method} ${path} ${status}`) : []
    },
  }
}
