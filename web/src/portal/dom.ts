// Elements from values. Owns the one way in which text gets on the page: as text, never as markup.

export type Child = Node | string | number | null | undefined | false
type Props = Record<string, unknown>

/** An element; `on…` are listeners, `true` is a bare attribute, absent and false are none. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue
    if (typeof value === 'function') element.addEventListener(name.slice(2), value as EventListener)
    else if (name === 'value') (element as unknown as HTMLInputElement).value = String(value)
    else if (name === 'checked') (element as unknown as HTMLInputElement).checked = true
    else element.setAttribute(name, value === true ? '' : String(value))
  }
  put(element, children)
  return element
}

function put(element: Element, children: Child[]): void {
  for (const child of children)
    if (child !== null && child !== undefined && child !== false)
      element.appendChild(child instanceof Node ? child : document.createTextNode(String(child)))
}

/** The tick of a step that is done. */
export function tick(): SVGElement {
  const space = 'http://www.w3.org/2000/svg'
  const svg = document.createElementNS(space, 'svg')
  svg.setAttribute('viewBox', '0 0 16 16')
  svg.setAttribute('class', 'i')
  svg.setAttribute('aria-hidden', 'true')
  const path = document.createElementNS(space, 'path')
  path.setAttribute('d', 'M3 8.5 6.500 12 13 4.500')
  svg.appendChild(path)
  return svg
}

/** Shows these and nothing else. */
export function show(root: Element, ...children: Child[]): void {
  while (root.firstChild) root.removeChild(root.firstChild)
  put(root, children)
}
