// Matrix clients that are not ours (matrix-js-sdk), for tests: many people in one process.
//
// Reads one JSON object a line: {id, person, do, with}. Writes one JSON object a line:
// {id, answer} or {id, error: {code, message}}, and {changed: person} whenever something that a person
// sees may have changed. It ends when its input ends. What the library says goes to stderr.

import { Console } from "node:console";
import { createInterface } from "node:readline";

globalThis.console = new Console(process.stderr, process.stderr); // stdout is for answers alone
await import("fake-indexeddb/auto"); // before the library looks for a place for its keys
const { Person } = await import("./person.mjs");

const people = new Map();
const write = (line) => process.stdout.write(JSON.stringify(line) + "\n");

async function obey(request) {
    let person = people.get(request.person);
    if (request.do === "login") {
        person = new Person(request.person, () => write({ changed: request.person }));
        people.set(request.person, person);
    }
    if (!Person.ABILITIES.has(request.do)) throw new Error(`nobody can ${request.do}`);
    if (!person) throw new Error(`nobody is called ${request.person}`);
    return person[request.do](request.with ?? {});
}

process.on("unhandledRejection", (why) => console.warn("unhandled:", why));

for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line);
    obey(request).then(
        (answer) => write({ id: request.id, answer: answer ?? null }),
        (why) => write({ id: request.id, error: { code: why.errcode ?? why.name, message: String(why.message ?? why) } }),
    );
}
process.exit(0);
