/** Not drawn yet. */
import { Page } from '../../parts/Page.tsx'

export const Settings = () => <Page title="Settings">{null}</Page>
