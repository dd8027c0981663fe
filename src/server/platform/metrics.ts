/** Counters in the Prometheus text format, kept in memory: this process's own, since it started. */

type Labels = Readonly<Record<string, string>>
type Series = { readonly labels: Labels; value: number }
type Metric = {
  readonly about: string
  readonly type: 'counter' | 'gauge'
  readonly series: Map<string, Series>
}

const metrics = new Map<string, Metric>()

const seriesOf = (name: string, type: Metric['type'], about: string, labels: Labels): Series => {
  let metric = metrics.get(name)
  if (!metric) metrics.set(name, (metric = { about, type, series: new Map() }))
  const key = JSON.stringify(labels)
  let series = metric.series.get(key)
  if (!series) metric.series.set(key, (series = { labels, value: 0 }))
  return series
}

/** Names follow the Prometheus convention: `fortnight_alerts_received_total`. Labels must be few and bounded. */
export const count = (name: string, about: string, by = 1, labels: Labels = {}): void => {
  seriesOf(name, 'counter', about, labels).value += by
}

export const gauge = (name: string, about: string, value: number, labels: Labels = {}): void => {
  seriesOf(name, 'gauge', about, labels).value = value
}

const escapeLabel = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')

const line = (name: string, { labels, value }: Series): string => {
  const inner = Object.entries(labels)
    .map(([key, text]) => `${key}="${escapeLabel(text)}"`)
    .join(',')
  return `${name}${inner ? `{${inner}}` : ''} ${value}`
}

export const renderMetrics = (): string => {
  const memory = process.memoryUsage()
  gauge('process_resident_memory_bytes', 'Resident memory of this process in bytes.', memory.rss)
  gauge('process_uptime_seconds', 'Seconds since this process started.', Math.round(process.uptime()))
  const blocks = [...metrics]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, metric]) => {
      const rows = [...metric.series.values()].map((series) => line(name, series))
      return [`# HELP ${name} ${metric.about}`, `# TYPE ${name} ${metric.type}`, ...rows].join('\n')
    })
  return `${blocks.join('\n')}\n`
}
