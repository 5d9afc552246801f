/** In CSS pixels. */
export type Size = { width: number; height: number };

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
