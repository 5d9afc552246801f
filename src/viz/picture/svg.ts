/** A size in CSS pixels. */
export type Size = { width: number; height: number };

/** Characters that XML forbids: control characters except white space, and lone surrogates. */
const UNWRITABLE = /(?![\t\n\r])[\p{Cc}\p{Cs}\ufffe\uffff]/gu;

/** Replaces characters that XML or Graphviz cannot hold by U+FFFD. */
export const writable = (text: string): string => text.replace(UNWRITABLE, "\ufffd");

/** Escapes text for XML, between tags and in attributes. */
export const escapeXml = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]!);

/**
 * An upper bound of the width of a text: in most fonts a letter is narrower than 0.62 of the font size.
 */
export const textWidth = (text: string, size: number): number => text.length * size * 0.62;

/** An SVG document with a description for screen readers. */
export const labelled = (svg: string, label: string): string =>
  svg.replace(
    /<svg\b([^>]*)>/,
    (_, attributes: string) => `<svg role="img" aria-label="${escapeXml(label)}"${attributes}>`,
  );
