/** Templates of HTML, which escape text but not the HTML of other templates. */

/** HTML that needs no escaping. */
export class Html {
  constructor(readonly text: string) {}
  toString(): string {
    return this.text;
  }
}

type Value = string | number | Html | readonly Html[];

const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => ESCAPES[character]!);

function written(value: Value): string {
  if (value instanceof Html) return value.text;
  if (typeof value === "string" || typeof value === "number") return escaped(String(value));
  return value.map((piece) => piece.text).join("\n");
}

/** The tag of HTML templates: `` html`<p>${text}</p>` ``. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(parts.map((part, i) => (i === 0 ? part : written(values[i - 1]!) + part)).join(""));
}

/** Rows as a table. The first row is the head, and the first column names the rows. */
export function tableOf(caption: string, [head, ...rows]: readonly (readonly (string | number)[])[]): Html {
  const cells = (row: readonly (string | number)[]): Html[] =>
    row.map((cell, i) => (i === 0 ? html`<th scope="row">${cell}</th>` : html`<td>${cell}</td>`));
  return html`<p class="muted">${caption}.</p>
<div class="scroll" tabindex="0" role="group" aria-label="${caption}"><table aria-label="${caption}">
<thead><tr>${head!.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${cells(row)}</tr>`)}</tbody>
</table></div>`;
}
