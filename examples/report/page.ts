import { readFile } from "node:fs/promises";
import { Html, html } from "./html.js";

/** What the report says of one example. */
export type Section = {
  id: string;
  title: string;
  lead: string;
  /** Where its data is from. */
  source: string;
  body: Html;
};

/** The page, with everything that it needs inside. */
export async function page(sections: readonly Section[], made: string): Promise<string> {
  const style = new Html(await readFile(new URL("style.css", import.meta.url), "utf8"));
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>simdgrad: the four examples</title>
<link rel="icon" href="data:,">
<style>
${style}</style>
</head>
<body>
<header>
<h1>Which final activation, and which loss?</h1>
<p class="muted">Four examples, trained by simdgrad. ${made}</p>
<nav aria-label="Examples"><ul>
${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
</ul></nav>
</header>
<main>
${sections.map(
  ({ id, title, lead, source, body }) => html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
<p>${lead}</p>
<p class="muted">Data: ${source}.</p>
${body}
</section>`,
)}
</main>
<footer>Written by <code>npm start</code>. This file holds all that it shows and asks no other.</footer>
</body>
</html>
`.text;
}
