/** Many questions that come at once, asked as one. */

/** How long others may join in. */
const WAIT_MS = 10;

/**
 * A function that answers for one id by asking for all that were wanted at the same time, at most `most` in a request;
 * `undefined` for an id that the answer leaves out.
 */
export function together<T extends { readonly id: string }>(
  ask: (ids: string[]) => Promise<readonly T[]>,
  most: number,
): (id: string) => Promise<T | undefined> {
  let waiting: { readonly ids: Set<string>; readonly answer: Promise<Map<string, T>> } | null = null;
  const begin = () => {
    const ids = new Set<string>();
    const answer = new Promise<void>((resolve) => setTimeout(resolve, WAIT_MS)).then(async () => {
      if (waiting?.ids === ids) waiting = null;
      return new Map((await ask([...ids])).map((item) => [item.id, item]));
    });
    return { ids, answer };
  };
  return async (id) => {
    if (waiting === null || waiting.ids.size >= most) waiting = begin();
    waiting.ids.add(id);
    return (await waiting.answer).get(id);
  };
}
