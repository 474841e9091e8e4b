/** Milliseconds after which it is looked whether others want the time. */
const look = 2;
/** They do where the process worked for more than this part of them. */
const idle = 0.3;
/** How much of the time others may have, where they want it, for each part of it that long work takes. */
const share = 20;

/**
 * To be awaited between pieces of long work: gives others many times the `spent` milliseconds, or less where they want less. Answers
 * whether they wanted any.
 */
export async function giveWay(spent: number): Promise<boolean> {
  const until = performance.now() + share * spent;
  let wanted = false;
  for (let worked = 1; worked > idle && performance.now() < until;) {
    const [since, before] = [performance.now(), process.cpuUsage()];
    await Bun.sleep(look);
    const { user, system } = process.cpuUsage(before);
    worked = (user + system) / 1000 / (performance.now() - since);
    if (worked > idle) wanted = true;
  }
  return wanted;
}
