/** The API as data: server, web, CLI and OpenAPI all derive from these route tables. */
import type { z } from 'zod'
import type { Permission } from '../domain/people/permissions.ts'
import type { ErrorCode } from './errors.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
type Shape = z.ZodObject | undefined

/**
 * @property path        Fastify style, `/api/pages/:pageId`
 * @property permission  who may call it; 'public' is said aloud
 * @property errors      what it may answer besides not-signed-in, not-allowed, invalid-input, unexpected and unavailable
 * @property replies     'json' (checked against `reply`), or raw: the handler writes the reply itself
 */
export type Route<
  P extends Shape = Shape,
  Q extends Shape = Shape,
  B extends z.ZodType | undefined = z.ZodType | undefined,
  R extends z.ZodType = z.ZodType,
> = {
  readonly method: Method
  readonly path: string
  readonly summary: string
  readonly permission: Permission | 'public'
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  readonly reply: R
  readonly status?: 200 | 201 | 202
  readonly errors?: readonly ErrorCode[]
  /** Of a foreign dialect: its errors have a shape of their own, under these statuses. */
  readonly dialect?: { readonly error: z.ZodType; readonly statuses: readonly number[] }
  /** Largest body in bytes; 1 MiB when absent. */
  readonly bodyLimit?: number
}

type Part<S> = S extends z.ZodType ? z.output<S> : unknown
export type InputOf<T extends Route> = Part<T['params']> & Part<T['query']> & Part<T['body']>
export type ReplyOf<T extends Route> = z.input<T['reply']>
export type RouteTable = Readonly<Record<string, Route>>

/** Keeps the literal types of a table. */
export const defineRoutes = <const T extends Record<string, Route>>(table: T): T => table
