/** Not drawn yet. */
import { Page } from '../../parts/Page.tsx'

export const EnvironmentView = () => <Page title="EnvironmentView">{null}</Page>
