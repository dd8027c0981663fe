/** The application takes the place of the picture that the server drew of it: within one frame, with what was pressed meanwhile. */
import { flushSync } from 'react-dom'

/** @param picture what public/early.js noted a press on, by its place among the buttons */
const pressAgain = (picture: HTMLElement, root: HTMLElement): void => {
  const pressed = Number(picture.dataset['pressed'] ?? -1)
  const before = picture.querySelectorAll('button')[pressed]
  const now = root.querySelectorAll('button')[pressed]
  // Only what still says the same: what is shown may have changed since it was drawn.
  if (before && now && now.textContent === before.textContent && now.ariaLabel === before.ariaLabel)
    now.click()
}

/** @param show draws the application into the root */
export const takePlace = (picture: HTMLElement, root: HTMLElement, show: () => void): void => {
  flushSync(show)
  picture.remove()
  pressAgain(picture, root)
}
