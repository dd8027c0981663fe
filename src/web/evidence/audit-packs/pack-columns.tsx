/** How a pack is listed. */
import { byteSize } from '../../messages/format.ts'
import { Badge, type Tone } from '../../parts/Badge.tsx'
import type { Column } from '../../parts/Table.tsx'
import { TimeText } from '../../parts/TimeText.tsx'
import type { Pack } from '../queries.ts'
import { t } from '../words.ts'
import { Period } from './Period.tsx'

const tones: Readonly<Record<Pack['status'], Tone>> = {
  building: 'blue',
  ready: 'green',
  failed: 'red',
  withdrawn: 'neutral',
}

export const packName = (pack: Pack): string =>
  pack.environments.length === 0
    ? t('organisation-log')
    : pack.environments.map(({ slug }) => slug).join(', ')

export const PackStatus = ({ pack }: { pack: Pack }) => (
  <Badge tone={tones[pack.status]}>{pack.step ?? t(`status-${pack.status}`)}</Badge>
)

export const packColumns: readonly Column<Pack>[] = [
  { key: 'pack', title: t('column-pack'), width: 'minmax(0, 1fr)', card: 'title', cell: packName },
  {
    key: 'period',
    title: t('column-period'),
    width: '13rem',
    card: 'meta',
    cell: (pack) => <Period of={pack} />,
  },
  {
    key: 'status',
    title: t('column-status'),
    width: '11rem',
    card: 'meta',
    cell: (pack) => <PackStatus pack={pack} />,
  },
  {
    key: 'by',
    title: t('column-by'),
    width: '10rem',
    card: 'meta',
    from: 1000,
    cell: (pack) => pack.requestedBy.name,
  },
  {
    key: 'size',
    title: t('column-size'),
    width: '5.5rem',
    card: 'none',
    align: 'end',
    from: 1000,
    cell: (pack) => (pack.size === null ? '' : byteSize(pack.size)),
  },
  {
    key: 'asked',
    title: t('column-asked'),
    width: '6rem',
    card: 'meta',
    align: 'end',
    cell: (pack) => <TimeText at={pack.requestedAt} still />,
  },
]
