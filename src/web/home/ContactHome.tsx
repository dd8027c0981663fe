/** A customer contact's own place: their environments and what was decided about them. Alerts do not exist here. */
import { Page } from '../parts/Page.tsx'
import { t } from './words.ts'

export const ContactHome = () => <Page title={t('title')}>{null}</Page>
