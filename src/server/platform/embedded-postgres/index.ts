/** The public face of the built-in database: everything else in this folder is how it is done. */
export { reachEmbeddedPostgres } from './reach-embedded-postgres.ts'
export {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './start-embedded-postgres.ts'
