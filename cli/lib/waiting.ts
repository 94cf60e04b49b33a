const CLEAR_LINE = "\r\u001b[K";
/** What is faster than this needs no word. */
const PATIENCE_MS = 400;

/** Does something that may take a while; a person at a terminal is told so meanwhile, a pipe is not. */
export async function waiting<T>(text: string, work: () => Promise<T>): Promise<T> {
  const { stderr } = process;
  if (!stderr.isTTY) return work();
  let said = false;
  const timer = setTimeout(() => {
    said = true;
    stderr.write(text);
  }, PATIENCE_MS);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
    if (said) stderr.write(CLEAR_LINE);
  }
}
