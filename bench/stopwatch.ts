/**
 * Starts a watch that gives min(wall time, processor time) in seconds. On one thread, processor time leaves out the
 * work of other programs on the same core. With several threads the wall time is the smaller one.
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
