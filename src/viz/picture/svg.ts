/** In CSS pixels. */
export type Size = { width: number; height: number };

/** Characters that XML cannot hold: control characters but for white space, halves of pairs. */
const UNWRITABLE = /(?![\t\n\r])[\p{Cc}\p{Cs}\ufffe\uffff]/gu;

/** Text with nothing in it that XML or Graphviz could not hold. */
export const writable = (text: string): string => text.replace(UNWRITABLE, "\ufffd");

/** Text as it may stand in XML, between tags and in attributes. */
export const escapeXml = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]!);

/**
 * How wide text is at most, where it cannot be measured: in most fonts a letter is narrower than 0.62 of its height.
 */
export const textWidth = (text: string, size: number): number => text.length * size * 0.62;

/** An SVG document with a description for those who do not see it. */
export const labelled = (svg: string, label: string): string =>
  svg.replace(
    /<svg\b([^>]*)>/,
    (_, attributes: string) => `<svg role="img" aria-label="${escapeXml(label)}"${attributes}>`,
  );
