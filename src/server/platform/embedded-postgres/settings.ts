/** The whole postgresql.conf: a small machine, few idle processes, nothing traded against durability. */

export type ServerSettings = {
  readonly socketFolder: string
  readonly durable: boolean
  /** an operator's own file, read last; undefined when there is none */
  readonly localConf?: string | undefined
}

export const localConfName = 'postgresql.local.conf'

/** `durable: false` is for throw-away clusters of tests only: a crash may then lose or corrupt everything. */
export function postgresqlConf({ socketFolder, durable, localConf }: ServerSettings): string {
  return `# Written anew at every start. Put your own settings into ${localConfName}, one folder up.
listen_addresses = ''
unix_socket_directories = ${quoted(`"${socketFolder.replaceAll('"', '""')}"`)}
unix_socket_permissions = 0700
max_connections = ${durable ? 100 : 300}
password_encryption = scram-sha-256

# Memory and processes. Plain reads instead of I/O workers, no JIT, no logical replication: less at rest.
shared_buffers = 128MB
work_mem = 8MB
maintenance_work_mem = 64MB
effective_cache_size = 1GB
huge_pages = off
io_method = sync
jit = off
max_worker_processes = 4
max_parallel_workers = 2
max_parallel_workers_per_gather = 1
max_logical_replication_workers = 0
autovacuum_max_workers = 2
autovacuum_naptime = 30s
random_page_cost = 1.1

# Durability. wal_level replica keeps the low-level backup functions usable.
fsync = ${onOff(durable)}
synchronous_commit = ${onOff(durable)}
full_page_writes = ${onOff(durable)}
wal_level = replica
max_wal_senders = 2
wal_compression = on
min_wal_size = 128MB
max_wal_size = 1GB
checkpoint_timeout = 10min
checkpoint_completion_target = 0.9

# Log: what the server does, never what a statement said. ERROR ranks below LOG here: statements' faults reach the
# client, and their text can hold a person's data.
logging_collector = on
log_directory = '../log'
log_filename = 'postgres-%Y%m%d-%H%M%S.log'
log_file_mode = 0600
log_rotation_size = 10MB
log_rotation_age = 1d
log_min_messages = log
log_min_error_statement = panic
log_error_verbosity = terse
log_parameter_max_length_on_error = 0
log_checkpoints = off
log_line_prefix = '%m [%p] '
log_timezone = 'UTC'

timezone = 'UTC'
datestyle = 'iso, mdy'
lc_messages = 'C'
default_text_search_config = 'pg_catalog.simple'
cluster_name = 'fortnight'
${localConf === undefined ? '' : `include = ${quoted(localConf)}\n`}`
}

const onOff = (yes: boolean): string => (yes ? 'on' : 'off')
const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
