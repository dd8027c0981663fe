/** Counters in the Prometheus text format, kept in memory: this process's own, since it started. */

type Labels = Readonly<Record<string, string>>
type Series = { readonly labels: Labels; value: number }
type Histogram = { readonly labels: Labels; readonly counts: number[]; sum: number; count: number }
type Metric = {
  readonly about: string
  readonly type: 'counter' | 'gauge'
  readonly series: Map<string, Series>
}

const metrics = new Map<string, Metric>()
const histograms = new Map<string, { readonly about: string; readonly series: Map<string, Histogram> }>()
/** Seconds, up to each bound; chosen around the promises of 50 ms, 300 ms and one second. */
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 1, 3, 10]
/** A label that turns out unbounded costs memory up to here and no further. */
const MOST_SERIES = 2_000

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

/** Counts a duration into the buckets of its series. */
export const observe = (name: string, about: string, seconds: number, labels: Labels = {}): void => {
  let histogram = histograms.get(name)
  if (!histogram) histograms.set(name, (histogram = { about, series: new Map() }))
  const key = Object.values(labels).join('\n')
  let series = histogram.series.get(key)
  if (!series) {
    if (histogram.series.size >= MOST_SERIES) return
    histogram.series.set(key, (series = { labels, counts: BOUNDS.map(() => 0), sum: 0, count: 0 }))
  }
  const bucket = BOUNDS.findIndex((bound) => seconds <= bound)
  if (bucket >= 0) series.counts[bucket] = (series.counts[bucket] ?? 0) + 1
  series.sum += seconds
  series.count += 1
}

const escapeLabel = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')

const line = (name: string, { labels, value }: Series): string => {
  const inner = Object.entries(labels)
    .map(([key, text]) => `${key}="${escapeLabel(text)}"`)
    .join(',')
  return `${name}${inner ? `{${inner}}` : ''} ${value}`
}

const histogramLines = (name: string, { labels, counts, sum, count: all }: Histogram): string[] => {
  let below = 0
  const buckets = BOUNDS.map((bound, index) => {
    below += counts[index] ?? 0
    return line(`${name}_bucket`, { labels: { ...labels, le: String(bound) }, value: below })
  })
  return [
    ...buckets,
    line(`${name}_bucket`, { labels: { ...labels, le: '+Inf' }, value: all }),
    line(`${name}_sum`, { labels, value: Math.round(sum * 1e6) / 1e6 }),
    line(`${name}_count`, { labels, value: all }),
  ]
}

export const renderMetrics = (): string => {
  const memory = process.memoryUsage()
  gauge('process_resident_memory_bytes', 'Resident memory of this process in bytes.', memory.rss)
  gauge('process_uptime_seconds', 'Seconds since this process started.', Math.round(process.uptime()))
  const plain = [...metrics].map(([name, { about, type, series }]) => ({
    name,
    about,
    type,
    rows: [...series.values()].map((one) => line(name, one)),
  }))
  const timed = [...histograms].map(([name, { about, series }]) => ({
    name,
    about,
    type: 'histogram',
    rows: [...series.values()].flatMap((one) => histogramLines(name, one)),
  }))
  const blocks = [...plain, ...timed]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, about, type, rows }) =>
      [`# HELP ${name} ${about}`, `# TYPE ${name} ${type}`, ...rows].join('\n'),
    )
  return `${blocks.join('\n')}\n`
}
