/**
 * Starts a watch that says the seconds since: of the wall, or of processor time where the process had to share its core
 * meanwhile. Other programs' work is not to be counted, and a core that is shared looks half as fast. With more threads
 * than one the processor time is the longer one, and the wall counts.
 */
export function stopwatch(): () => number {
  const before = process.cpuUsage();
  const start = performance.now();
  return () => {
    const wall = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(before);
    return Math.min(wall, (user + system) / 1e6);
  };
}
