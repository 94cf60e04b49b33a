/** How many stacks are looked at at once: each takes a process of Pulumi. */
const AT_ONCE = 4;

/** Does the work for every item, for several at a time, and takes the next where one is done. */
export async function atOnce<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, queue.length) }, worker));
}
