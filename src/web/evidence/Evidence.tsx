/** Not drawn yet. */
import { Page } from '../parts/Page.tsx'

export const Evidence = () => <Page title="Evidence">{null}</Page>
