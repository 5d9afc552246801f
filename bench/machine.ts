import { cpus, totalmem, type } from "node:os";

/** The date, the machine and the versions of a measurement. */
export function machine(): { date: string; machine: string } {
  const cores = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cores[0]?.model.trim() ?? "unknown"}, ${cores.length} cores, ${memory} GiB, ${type()}`,
  };
}
