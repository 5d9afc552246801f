/** A number as Python prints it where PyTorch holds a float. */
export const float = (x: number): string => (Number.isInteger(x) ? `${x}.0` : `${x}`);
