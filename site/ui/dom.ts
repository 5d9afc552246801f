/** Elements in one expression: h("p", { class: "note" }, "text"). */

type Attributes = Record<string, string | number | boolean | ((event: Event) => void)>;

/**
 * Attributes by HTML names. `true` sets an attribute without value, `false` sets none; a function listens to that
 * event.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false) element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

let ids = 0;

/** An id that no other element has. */
export const freshId = (what: string): string => `${what}-${++ids}`;

/** Sets a text if it differs: setting an equal text would disturb screen readers and layout. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
