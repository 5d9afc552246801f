/** A program to paste, with a button that copies it. */
import { h, setText } from "./dom.js";

export type CodeBlock = { element: HTMLElement; set(code: string): void };

export function codeBlock(label: string, code = ""): CodeBlock {
  const text = h("code", {}, code);
  const said = h("span", { role: "status", class: "note" });
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text.textContent ?? "");
      setText(said, "Copied");
    } catch {
      getSelection()?.selectAllChildren(text); // the page may not use the clipboard
      setText(said, "Selected: press Ctrl+C");
    }
    setTimeout(() => setText(said, ""), 3000);
  };
  const button = h(
    "button",
    { type: "button", class: "quiet", "aria-label": `Copy ${label}`, click: () => void copy() },
    "Copy",
  );
  const block = h("pre", { tabindex: 0, role: "region", "aria-label": label }, text);
  return {
    element: h("div", { class: "code" }, h("div", { class: "code-bar" }, said, button), block),
    set: (next) => setText(text, next),
  };
}
