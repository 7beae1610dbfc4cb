/** What a server would answer, for tests of what a page asks it and shows; set up before anything is imported. */

type Answer = unknown;
/** By method and path, such as `GET /api/v1/me`; a `Response` is answered as it is. */
export type Answers = Readonly<Record<string, Answer>>;

let answers: Answers = {};
/** Writes that arrived, by method and path. */
export const written: string[] = [];

/** Answer so from now on. */
export function serve(given: Answers): void {
  answers = given;
  written.length = 0;
}

export function answerFetches(): void {
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const asked = `${request.method} ${new URL(request.url).pathname}`;
    if (request.method !== 'GET') written.push(asked);
    const answer = await Promise.resolve(answers[asked]);
    if (answer instanceof Response) return answer.clone();
    return answer === undefined ? refused('not_found', `Nothing answers ${asked}.`, 404) : Response.json(answer);
  };
}

/** A refusal with its sentence. */
export const refused = (code: string, detail: string, status = 409): Response => Response.json({ code, detail }, { status });
