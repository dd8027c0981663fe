/** Not drawn yet. */
import { Page } from '../../parts/Page.tsx'

export const Cockpit = () => <Page title="Cockpit">{null}</Page>
