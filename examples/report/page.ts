import { readFile } from "node:fs/promises";
import { type Example, isAll, nameOf } from "../support/examples.js";
import { Html, html } from "./html.js";

/** The part of the report about one example. */
export type Section = {
  id: string;
  example: Example;
  title: string;
  lead: string;
  /** The source of the data. */
  source: string;
  body: Html;
};

/** The text of the page, which includes all that it needs. */
export async function page(sections: readonly Section[], made: string): Promise<string> {
  const style = new Html(await readFile(new URL("style.css", import.meta.url), "utf8"));
  const examples = sections.map(({ example }) => example);
  const name = nameOf(examples);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>simdgrad: ${name}</title>
<link rel="icon" href="data:,">
<style>
${style}</style>
</head>
<body>
<header>
<h1>Which final activation, and which loss?</h1>
<p class="muted">${name[0]!.toUpperCase()}${name.slice(1)}, trained by simdgrad. ${made}</p>
<nav aria-label="Examples"><ul>
${sections.map(({ id, example, title }) => html`<li><a href="#${id}">${example}. ${title}</a></li>`)}
</ul></nav>
</header>
<main>
${sections.map(
  ({ id, example, title, lead, source, body }) => html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${example}. ${title}</h2>
<p>${lead}</p>
<p class="muted">Data: ${source}.</p>
${body}
</section>`,
)}
</main>
<footer>Written by <code>npm start${isAll(examples) ? "" : ` -- ${examples.join(" ")}`}</code>. This page needs no other file.</footer>
</body>
</html>
`.text;
}
