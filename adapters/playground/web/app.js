// The playground's page. It shows what the server tells it and sends what the visitor does.
// Nothing that came from a person is ever parsed as HTML: text goes in as text nodes only.

const SHOWN = 200; // items a pane shows at once; earlier ones on demand
const KEEPER = "circlekeeper";
const WIDE = matchMedia("(min-width: 48rem)");

const $ = (id) => document.getElementById(id);
const world = { people: new Map(), items: new Map(), commands: [], room: null, start: "", n: -1, story: [], at: 0 };
const panes = new Map(); // person id -> Pane
let ready = false; // false while what comes is old: nothing of it is announced

/** An element with attributes, classes and children; strings become text. */
function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children.flat(Infinity));
  return made;
}

// --- Talking to the server ---------------------------------------------------------------------

const link = {
  socket: null,
  sent: new Map(), // number -> {message, done, failed}: until the server says that it is kept
  count: 0,
  tab: [...crypto.getRandomValues(new Uint8Array(8))].map((b) => b.toString(16).padStart(2, "0")).join(""),
  pause: 250,
};

function connect() {
  const socket = new WebSocket(new URL("talk", location.href.replace(/^http/, "ws")));
  link.socket = socket;
  socket.onopen = () => {
    socket.send(JSON.stringify({ do: "hello", tab: world.start, since: world.n }));
  };
  socket.onmessage = (event) => heed(JSON.parse(event.data));
  socket.onclose = () => {
    if (link.socket !== socket) return;
    ready = false;
    say($("link"), "Not connected. The page tries again by itself; what you send waits.");
    setTimeout(connect, link.pause);
    link.pause = Math.min(link.pause * 1.6, 3000);
  };
}

/** Sends a message, again after a break, until the server has kept it. Rejects with its words. */
function ask(message) {
  const c = `${link.tab}.${++link.count}`;
  return new Promise((done, failed) => {
    link.sent.set(c, { message: { ...message, c }, done, failed });
    post(c);
  });
}

function post(c) {
  const waiting = link.sent.get(c);
  if (waiting && ready && link.socket.readyState === WebSocket.OPEN) link.socket.send(JSON.stringify(waiting.message));
}

function heed(told) {
  if (told.n !== undefined) world.n = told.n;
  switch (told.kind) {
    case "all": return begin(told);
    case "ready": return goOn();
    case "done": link.sent.get(told.c)?.done(); link.sent.delete(told.c); return;
    case "refused": return refused(told);
    case "item": world.items.set(told.item.id, told.item); return showItem(told.item);
    case "person": world.people.set(told.person.id, told.person); return later(showPeople);
    case "room":
      world.room = told.room;
      world.people = new Map(told.people.map((p) => [p.id, p]));
      return later(showRoom, showPeople);
    case "clock": return setClock(told.now, told.ahead);
    case "turn": return showTurn(told.turn);
    case "story": world.at = told.at; return showStory();
    case "trouble": return say($("link"), told.text);
    case "afresh":
      world.items.clear();
      link.socket.send(JSON.stringify({ do: "hello" }));
  }
}

function refused(told) {
  const waiting = link.sent.get(told.c);
  if (told.wait) {
    say($("link"), told.text);
    setTimeout(() => { say($("link"), "Connected"); post(told.c); }, told.wait * 1000 + 50 + Math.random() * 200);
  } else if (waiting) {
    link.sent.delete(told.c);
    waiting.failed(new Error(told.text));
  }
}

function begin(all) {
  ready = false;
  Object.assign(world, { start: all.start, room: all.room, commands: all.commands, story: all.story, at: all.at });
  world.people = new Map(all.people.map((p) => [p.id, p]));
  world.items = new Map(all.items.map((i) => [i.id, i]));
  for (const id of [...panes.keys()]) if (!world.people.has(id)) closePane(id);
  const kept = JSON.parse(sessionStorage.getItem("panes") ?? "null")?.filter((id) => world.people.has(id));
  const open = kept?.length ? kept : [...world.people.keys()].slice(0, 3);
  open.forEach((id) => (panes.has(id) ? panes.get(id).refill() : openPane(id)));
  $("time").hidden = !all.movable;
  $("inside").hidden = all.turn === null;
  setClock(all.now, all.ahead);
  showRoom(); showPeople(); showStory(); showTurn(all.turn);
}

function goOn() {
  ready = true;
  link.pause = 250;
  say($("link"), "Connected");
  for (const c of [...link.sent.keys()]) post(c);
}

// --- Small things ------------------------------------------------------------------------------

function say(place, text) { if (place.textContent !== text) place.textContent = text; }

const waitingFor = new Set();
/** Does each of these once, before the next picture: a hundred changes are shown together. */
function later(...doings) {
  if (!waitingFor.size) requestAnimationFrame(() => { const now = [...waitingFor]; waitingFor.clear(); now.forEach((d) => d()); });
  doings.forEach((d) => waitingFor.add(d));
}

let heard = [];
/** Tells a screen reader, a few at a time: a flood is told as a number. */
function announce(text) {
  if (!ready) return;
  if (heard.push(text) > 1) return;
  setTimeout(() => {
    const last = heard.at(-1);
    say($("heard"), heard.length > 3 ? `${heard.length} new messages. The last one: ${last}` : heard.join(" — "));
    heard = [];
  }, 400);
}

const nameOf = (id) => (id === KEEPER ? "Circlekeeper" : world.people.get(id)?.name ?? "somebody");
const prefix = () => world.room?.can.command_prefix ?? "/";
const clockTime = (at) => new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

let clock = { at: 0, read: 0 };
function setClock(now, ahead) {
  clock = { at: Date.parse(now), read: performance.now() };
  world.ahead = ahead;
  const days = Math.floor(ahead / 86400);
  const short = ahead < 172800 ? `${Math.round(ahead / 360) / 10} hours` : `${days} days`;
  say($("ahead"), ahead ? `${short} ahead of this computer. It cannot go back.` : "The same as this computer’s.");
  tick();
}
function tick() {
  const now = new Date(clock.at + performance.now() - clock.read);
  $("now").dateTime = now.toISOString().slice(0, 16) + "Z";
  say($("now"), now.toLocaleString([], { year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" }));
}
setInterval(tick, 5000);

/** The bot's very small markup: ```blocks```, `code`, **bold**, empty lines. Everything else is plain text. */
function marked(text) {
  return text.split(/(```[\s\S]*?```)/).map((part) => {
    if (part.startsWith("```") && part.length > 5) return el("pre", { tabindex: 0 }, part.slice(3, -3).replace(/^\n/, ""));
    return part.split(/\n\s*\n/).filter((p) => p.trim()).map((paragraph) => el("p", {},
      spans(paragraph.replace(/^\n+|\n+$/g, ""))));
  });
}

/** `code` and **bold**, and code in bold as `help` has it. */
function spans(text) {
  return text.split(/(`[^`\n]+`|\*\*[^*\n]+\*\*)/).map((bit) =>
    bit.length > 2 && bit.startsWith("`") && bit.endsWith("`") ? el("code", {}, bit.slice(1, -1))
      : bit.length > 4 && bit.startsWith("**") && bit.endsWith("**") ? el("strong", {}, spans(bit.slice(2, -2))) : bit);
}

// --- One pane ----------------------------------------------------------------------------------

class Pane {
  constructor(id) {
    this.id = id;
    this.shown = SHOWN;
    this.offered = [];
    this.picked = -1;
    const root = $("pane").content.cloneNode(true).firstElementChild;
    this.root = root;
    const find = (what) => root.querySelector(what);
    Object.assign(this, {
      title: find("h2"), state: find(".state"), menu: find(".menu"), acts: find(".acts"), talk: find(".talk"),
      form: find("form.say"), to: find(".to"), words: find(".words"), hint: find(".hint"), offers: find(".offers"),
      word: find("form.say .word"), rename: find("form.rename"), below: find(".below"),
    });
    this.talk.addEventListener("scroll", () => later(this.looked ??= () => this.more()), { passive: true });
    this.below.addEventListener("click", () => {
      this.talk.scrollTop += Math.max(80, this.talk.clientHeight - 60);
      this.talk.focus({ preventScroll: true });
    });
    this.title.id = `title-${id}`;
    this.offers.id = `offers-${id}`;
    this.hint.id = `hint-${id}`;
    root.setAttribute("aria-labelledby", this.title.id);
    root.addEventListener("focusin", () => setCurrent(id));
    this.words.setAttribute("aria-controls", this.offers.id);
    this.words.setAttribute("aria-describedby", this.hint.id);
    this.words.addEventListener("input", () => this.offer());
    this.words.addEventListener("keydown", (event) => this.key(event));
    this.words.addEventListener("blur", () => setTimeout(() => document.activeElement !== this.words && this.close(), 150));
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.send(); });
    find(".commands").addEventListener("click", () => {
      this.words.value = prefix();
      this.words.focus();
      this.offer();
    });
    this.rename.addEventListener("submit", (event) => {
      event.preventDefault();
      this.tell({ do: "rename", who: id, text: this.rename.elements.name.value }).then((fine) => {
        if (fine) { this.rename.reset(); this.menu.open = false; this.words.focus(); }
      });
    });
    this.menu.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { this.menu.open = false; this.menu.firstElementChild.focus(); }
    });
    this.refresh();
    this.refill();
  }

  get person() { return world.people.get(this.id); }

  /** Sends a message; shows the server's words if it cannot be done. True if it was. */
  async tell(message) {
    say(this.word, "");
    try { await ask(message); return true; } catch (refusal) { this.word.textContent = refusal.message; return false; }
  }

  async send() {
    const text = this.words.value;
    this.words.value = "";
    this.close();
    say(this.hint, "");
    if (!(await this.tell({ do: "say", who: this.id, to: this.to.value, text })) && !this.words.value) this.words.value = text;
  }

  /** Who this is, what they are just now, and what they can do. */
  refresh() {
    const { person } = this;
    const hands = person.administrator && person.presence === "inside" ? [...world.people.values()].filter((p) => p.presence === "knocking") : [];
    // Made again only when it changes: nobody should lose the button that they are about to press.
    const deaf = person.administrator && person.presence === "inside" ? [...world.people.values()].filter((p) => p.deafened) : [];
    const now = JSON.stringify([person, world.room, hands, deaf]);
    if (this.last === now) return;
    this.last = now;
    this.title.replaceChildren(el("bdi", {}, person.name), person.kind === "bot" ? el("span", { class: "tag" }, "bot") : "");
    say(this.state, `${person.id} · ${stateOf(person)}`);
    this.menu.firstElementChild.replaceChildren("Menu", el("span", { class: "unseen" }, ` of ${person.name}`));
    this.words.setAttribute("aria-label", `Write as ${person.name}`);
    this.to.setAttribute("aria-label", `To whom ${person.name} writes`);
    this.talk.setAttribute("aria-label", `What ${person.name} sees`);
    this.to.options[1].disabled = !world.room.can.private;
    this.words.placeholder = `Write, or type ${prefix()}`;
    const act = (label, message) => el("button", { type: "button", onclick: () => {
      this.menu.open = false;
      this.menu.firstElementChild.focus();
      this.tell(message);
    } }, label);
    const { id } = this;
    const inside = person.presence === "inside";
    const waiting = person.presence === "knocking";
    this.acts.replaceChildren(
      !inside && !(waiting && world.room.gate === "door" && world.room.can.door) ? act("Come into the room", { do: "come", who: id }) : "",
      inside ? act("Leave the room", { do: "leave", who: id }) : "",
      inside && !person.in_call ? act("Join the call", { do: "call", who: id, on: true }) : "",
      person.in_call ? act("Leave the call", { do: "call", who: id, on: false }) : "",
      person.in_call && person.kind === "human" ? act(person.shares_screen ? "Stop sharing the screen" : "Share the screen", { do: "screen", who: id, on: !person.shares_screen }) : "",
      waiting ? act("Stop waiting at the door", { do: "leave", who: id }) : "",
      act(person.away ? "Come back to the screen" : "Go away from the screen", { do: "away", who: id, on: !person.away }),
      ...hands.map((p) => act(`Let ${p.name} in by hand`, { do: "let_in", who: p.id, to: id })),
      ...deaf.map((p) => act(`Let ${p.name} hear the call again`, { do: "hear", who: p.id, to: id })),
      inside && !world.room.keeper_inside ? act("Add Circlekeeper again", { do: "invite", who: id }) : "",
      el("button", { type: "button", onclick: () => { closePane(id); showPeople(); } }, "Close this pane"),
    );
    this.root.classList.toggle("away", person.away);
    for (const field of this.form.elements) field.disabled = person.away;
  }

  sees(item) {
    if (item.to) return item.to === this.id;
    return this.person.presence === "inside";
  }

  /** Everything that this person sees, the newest SHOWN of it. */
  refill() {
    const { person } = this;
    this.was = `${person.presence} ${person.away}`;
    if (person.away) {
      this.talk.replaceChildren(el("li", { class: "item notice" }, "Away from the screen. What is said meanwhile waits here."));
      return;
    }
    const seen = [...world.items.values()].filter((item) => this.sees(item));
    const left = seen.length - this.shown;
    this.talk.replaceChildren(
      ...(left > 0 ? [el("li", { class: "item notice earlier" }, el("button", { type: "button", class: "small", onclick: () => {
        this.shown += SHOWN; this.refill(); this.talk.scrollTop = 0; this.talk.focus();
      } }, `Show ${Math.min(left, SHOWN)} earlier ones`))] : []),
      ...seen.slice(-this.shown).map((item) => this.line(item)),
    );
    if (person.presence !== "inside") this.talk.append(el("li", { class: "item notice outside" }, outsideWords(person)));
    this.fresh = [this.talk.lastElementChild];
    this.follow();
  }

  /** Puts one item in, in place of what it was before. */
  show(item) {
    const before = this.talk.querySelector(`[data-id="${CSS.escape(item.id)}"]`);
    if (this.person.away || (!before && !this.sees(item))) return;
    const line = this.line(item);
    if (before) return before.replaceWith(line);
    const atEnd = this.talk.scrollHeight - this.talk.scrollTop - this.talk.clientHeight < 80;
    this.talk.append(line);
    if (this.talk.childElementCount > this.shown * 1.5) this.refill();
    if (item.by === this.id && item.kind !== "form") this.fresh = [line];
    else if (atEnd || this.fresh?.length) (this.fresh ??= []).push(line);
    if (atEnd || item.by === this.id) later(this.toEnd ??= () => this.follow());
    else {
      this.unseen = (this.unseen ?? 0) + 1;
      later(this.looked ??= () => this.more());
    }
    if (item.kind === "form" && this.form.contains(document.activeElement)) line.querySelector("input, select")?.focus();
  }

  /** Goes to the end, but not past the beginning of what is new: of the last of it, if it is much. */
  follow() {
    const fresh = (this.fresh ?? []).filter((line) => line?.isConnected);
    const first = fresh.length > 3 ? fresh.at(-1) : fresh[0];
    this.fresh = [];
    const top = first ? first.offsetTop - this.talk.offsetTop - 8 : Infinity;
    this.talk.scrollTop = Math.min(this.talk.scrollHeight, top);
    this.more();
  }

  /** Says that there is something further down. */
  more() {
    const left = this.talk.scrollHeight - this.talk.scrollTop - this.talk.clientHeight;
    if (left < 24) this.unseen = 0;
    this.below.hidden = left < 24;
    say(this.below, this.unseen ? `${this.unseen} new below` : "More below");
  }

  line(item) {
    const when = el("time", { datetime: item.at }, clockTime(item.at));
    if (item.kind === "notice") return el("li", { class: "item notice", "data-id": item.id }, el("bdi", {}, item.text), " ", when);
    const mine = item.to === this.id;
    const bot = item.by === KEEPER;
    const who = el("p", { class: "who" },
      el("strong", {}, el("bdi", {}, nameOf(item.by))),
      bot || world.people.get(item.by)?.kind === "bot" ? el("span", { class: "tag" }, "bot") : "",
      " ", when,
      mine ? el("span", { class: "tag private" }, item.kind === "ask" ? "Private, to Circlekeeper" : `Only ${nameOf(this.id)} sees this`) : "");
    const body = item.gone
      ? el("p", { class: "text gone" }, "Taken down. Nobody can see it any more.")
      : el("div", { class: "text", dir: "auto" }, bot ? marked(item.text) : item.text);
    const files = item.files.map((file) => el("details", { class: "file" }, el("summary", {}, `File: ${file.name}`), el("pre", { tabindex: 0 }, file.text), save(file)));
    const buttons = item.buttons.map((button, n) => el("button", { type: "button", onclick: () => this.tell({ do: "press", who: this.id, item: item.id, button: n }) }, button.label));
    return el("li", { class: `item ${item.kind}${mine ? " mine" : ""}`, "data-id": item.id }, who, body, files,
      buttons.length ? el("p", { class: "buttons" }, buttons) : "",
      item.kind === "form" ? this.fields(item) : "");
  }

  /** A native command's options, asked in the pane itself. */
  openOrder(command) {
    this.words.value = "";
    this.close();
    const form = this.fieldsFor(command.options.map((o) => ({ ...o, label: o.meaning || o.name })), async (values) => {
      if (await this.tell({ do: "order", who: this.id, text: full(command), values })) { form.remove(); this.words.focus(); }
    });
    form.prepend(el("p", {}, el("strong", {}, prefix() + full(command))));
    form.lastChild.after(el("button", { type: "button", onclick: () => { form.remove(); this.words.focus(); } }, "Cancel"));
    this.hint.replaceChildren();
    this.root.querySelector(".order")?.remove();
    form.classList.add("order");
    this.form.before(form);
    form.querySelector("input, select").focus();
  }

  fields(item) {
    if (item.done) return el("p", { class: "quiet" }, "Sent.");
    return this.fieldsFor(item.form.fields, (values) => {
      this.tell({ do: "fill", who: this.id, item: item.id, values });
      this.words.focus();
    });
  }

  fieldsFor(wanted, send) {
    const fields = wanted.map((field) => {
      const choices = field.kind === "member" ? [...world.people.values()].filter((p) => p.presence !== "outside").map((p) => [p.id, `${p.name} (${p.id})`])
        : field.choices.map((c) => [c, c]);
      const input = choices.length
        ? el("select", { name: field.name, required: field.required }, el("option", { value: "" }, field.required ? "Choose" : "None"), choices.map(([value, label]) => el("option", { value }, label)))
        : el("input", { name: field.name, required: field.required, inputmode: field.kind === "number" ? "numeric" : false });
      return el("label", {}, `${field.label}${field.required ? "" : " (if you like)"}`, input);
    });
    return el("form", { class: "fields", autocomplete: "off", onsubmit: (event) => {
      event.preventDefault();
      send(Object.fromEntries(new FormData(event.target)));
    } }, fields, el("button", { type: "submit", class: "main" }, "Send the form"));
  }

  // Completion: which command, then which value, with what each one means.
  offer() {
    const text = this.words.value.replace(/^\s+/, "");
    const mark = text.startsWith(prefix()) ? prefix() : text.startsWith("/") ? "/" : "";
    this.offered = [];
    say(this.hint, "");
    if (mark) {
      const typed = text.slice(mark.length).toLowerCase();
      const whole = world.commands.filter((c) => typed === full(c) || typed.startsWith(`${full(c)} `)).sort((a, b) => full(b).length - full(a).length)[0];
      const named = whole && !(whole.sub === "" && world.commands.some((c) => c.name === whole.name && c.sub.startsWith(typed.slice(whole.name.length).trim()) && c !== whole));
      if (named && typed !== full(whole)) this.offerValue(whole, mark, text.slice(mark.length + full(whole).length));
      else {
        const close = world.commands.filter((c) => full(c).startsWith(typed) && !(c === whole && !c.options.length));
        const inner = typed.length > 1 ? world.commands.filter((c) => !close.includes(c) && full(c).includes(typed) && c !== whole) : [];
        this.offered = [...close, ...inner].map((c) => ({ put: mark + full(c) + (c.options.length ? " " : ""), show: mark + usage(c), meaning: meaning(c) }));
      }
      if (whole) say(this.hint, `${mark}${usage(whole)}: ${meaning(whole)}`);
      if (whole?.options.length && world.room.can.forms && world.room.can.native_commands) {
        this.hint.append(" ", el("button", { type: "button", class: "small", onclick: () => this.openOrder(whole) }, "Fill in a form"));
      }
    }
    this.picked = -1;
    this.showOffers();
  }

  offerValue(command, mark, rest) {
    const parts = rest.trimStart().split(/\s+/);
    const option = command.options[Math.min(parts.length, command.options.length) - 1];
    if (!option) return;
    const last = parts.at(-1).toLowerCase();
    const values = option.kind === "member"
      ? [...world.people.values()].filter((p) => p.presence !== "outside").map((p) => [p.id, p.name])
      : option.choices.map((c) => [c, ""]);
    const start = mark + full(command) + " " + parts.slice(0, -1).map((p) => `${p} `).join("");
    this.offered = values.filter(([v, name]) => (v.startsWith(last) || name.toLowerCase().startsWith(last)) && v !== last)
      .map(([v, name]) => ({ put: start + v, show: v, meaning: name || option.meaning }));
  }

  showOffers() {
    this.offers.replaceChildren(...this.offered.map((offer, n) => el("li", {
      role: "option", id: `${this.offers.id}-${n}`, "aria-selected": n === this.picked ? "true" : "false",
      onmousedown: (event) => { event.preventDefault(); this.take(n); },
    }, el("code", {}, offer.show), " ", el("span", { class: "quiet" }, offer.meaning))));
    this.offers.hidden = !this.offered.length;
    this.words.setAttribute("aria-expanded", String(!this.offers.hidden));
    if (this.picked < 0) this.words.removeAttribute("aria-activedescendant");
    else {
      this.words.setAttribute("aria-activedescendant", `${this.offers.id}-${this.picked}`);
      this.offers.children[this.picked].scrollIntoView({ block: "nearest" });
    }
  }

  key(event) {
    const many = this.offered.length;
    if (event.key === "Escape") { this.close(); return; }
    if (!many) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.picked = this.picked < 0 && step < 0 ? many - 1 : (this.picked + step + many) % many;
      this.showOffers();
    } else if (this.picked >= 0 && (event.key === "Enter" || event.key === "Tab")) {
      event.preventDefault();
      this.take(this.picked);
    }
  }

  take(n) {
    this.words.value = this.offered[n].put;
    this.words.focus();
    this.offer();
    if (!this.words.value.endsWith(" ")) this.close();
  }

  close() {
    this.offered = [];
    this.picked = -1;
    this.showOffers();
  }
}

const full = (command) => `${command.name} ${command.sub}`.trim();
const usage = (command) => [full(command), ...command.options.map((o) => (o.required ? o.name.toUpperCase() : `[${o.name.toUpperCase()}]`))].join(" ");
const FOR = { facilitator: "For facilitators.", steward: "For facilitators and administrators.", named: "For whom a facilitator named.", all: "For everybody.", member: "" };
const meaning = (command) => `${command.meaning} ${FOR[command.who]}`.trim();

function stateOf(person) {
  const place = { inside: "in the room", knocking: "waiting at the door", invited: "may come in", outside: "not in the room" }[person.presence];
  const muted = person.presence === "inside" && !person.may_speak ? ", cannot speak yet" : "";
  return `${place}${muted}${person.in_call ? ", in the call" : ""}${person.deafened ? ", stopped from hearing it" : ""}${person.shares_screen ? ", shares a screen" : ""}${person.administrator ? ", administrator" : ""}${person.away ? ", away from the screen" : ""}`;
}

function outsideWords(person) {
  return {
    knocking: "Waiting at the door. Only private words reach this person now.",
    invited: "May come in now: choose “Come into the room” in the menu.",
    outside: "Not in the room. Only private words reach this person now.",
  }[person.presence];
}

function save(file) {
  return el("button", { type: "button", class: "small", onclick: () => {
    const address = URL.createObjectURL(new Blob([file.text], { type: "application/octet-stream" }));
    el("a", { href: address, download: file.name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  } }, "Save");
}

function openPane(id) {
  if (panes.has(id)) return panes.get(id);
  const pane = new Pane(id);
  panes.set(id, pane);
  $("panes").append(pane.root);
  pane.fresh = [pane.talk.lastElementChild];
  pane.follow();
  remember();
  setCurrent(id);
  pane.root.scrollIntoView({ block: "nearest", inline: "nearest" });
  return pane;
}

function closePane(id) {
  panes.get(id)?.root.remove();
  panes.delete(id);
  remember();
  if (panes.size) setCurrent([...panes.keys()].at(-1));
}

function remember() { sessionStorage.setItem("panes", JSON.stringify([...panes.keys()])); }

/** On a phone one pane is shown at a time: the one that was used last. */
function setCurrent(id) {
  for (const [other, pane] of panes) {
    const hidden = !pane.root.clientHeight;
    pane.root.classList.toggle("current", other === id);
    if (hidden && pane.root.clientHeight) { pane.fresh = [pane.talk.lastElementChild]; pane.follow(); }
  }
  later(showPeople);
}

// --- What is shown around the panes ------------------------------------------------------------

function showItem(item) {
  for (const pane of panes.values()) pane.show(item);
  if (item.gone) announce("A message was taken down.");
  else if (item.kind === "notice") announce(item.text);
  else if (item.kind !== "ask") announce(`${nameOf(item.by)}${item.to ? `, only to ${nameOf(item.to)}` : ""}: ${item.text.slice(0, 200)}`);
}

function showPeople() {
  const list = $("people");
  const open = (id) => panes.has(id) && (WIDE.matches || panes.get(id).root.classList.contains("current"));
  const had = new Map([...list.children].map((line) => [line.dataset.id, line]));
  for (const person of world.people.values()) {
    let line = had.get(person.id);
    had.delete(person.id);
    if (!line) {
      line = el("li", { "data-id": person.id }, el("button", { type: "button", onclick: () => toggle(person.id) }, el("bdi")), el("small", { class: "quiet" }));
      list.append(line);
    }
    const [button, state] = line.children;
    say(button.firstChild, person.name);
    button.setAttribute("aria-pressed", String(open(person.id)));
    say(state, `${person.kind === "bot" ? "bot, " : ""}${stateOf(person)}`);
    const pane = panes.get(person.id);
    if (pane) {
      pane.refresh();
      if (pane.was !== `${person.presence} ${person.away}`) pane.refill();
    }
  }
  had.forEach((line) => line.remove());
}

function toggle(id) {
  if (!panes.has(id)) openPane(id);
  else if (WIDE.matches) closePane(id);
  else setCurrent(id);
  showPeople();
}

const GATES = { notice: "asks, and enforces nothing", mute: "agree before speaking", door: "agree before coming in" };
const CAN = [
  ["buttons", "Buttons"], ["forms", "Forms"], ["native_commands", "Slash commands of its own"],
  ["ephemeral", "Answers that only one person sees"], ["private", "Private messages"], ["files", "Files"],
  ["levels", "Mute by the room itself"], ["take_down", "Take messages down"], ["door", "Keep people outside until they are let in"],
];

function showRoom() {
  const { room } = world;
  say($("room-line"), `Room “${room.name}” · gate ${room.gate}: ${GATES[room.gate]}${room.status ? ` · call: “${room.status}”` : ""}${room.keeper_inside ? "" : " · Circlekeeper is not in the room"}`);
  const list = $("can").querySelector("ul");
  if (!list.childElementCount) {
    for (const [name, label] of CAN) {
      const box = el("input", { type: "checkbox", onchange: () => ask({ do: "pretend", switch: name, on: box.checked }).catch(() => showRoom()) });
      box.name = name;
      list.append(el("li", {}, el("label", {}, box, " ", label)));
    }
  }
  for (const box of list.querySelectorAll("input")) box.checked = box.name === "levels" ? room.can.mute === "levels" : room.can[box.name];
}

function showStory() {
  const { at, story } = world;
  const chapter = story[at];
  $("story").hidden = !chapter;
  if (!chapter) return;
  say($("story-count"), `A short story, step ${at + 1} of ${story.length}`);
  say($("story-title"), chapter.title);
  say($("story-text"), chapter.text);
  say($("story-go"), chapter.button);
  $("story-leave").hidden = at === story.length - 1;
  for (const name of chapter.show) {
    const id = idOf(name);
    if (id) openPane(id);
  }
  const first = idOf(chapter.show[0]);
  if (first && !WIDE.matches) setCurrent(first); // the chapter's own words are about this person
}

/** The person of this name who came last; the story knows people by their names. */
const idOf = (name) => [...world.people.values()].filter((p) => p.name === name).at(-1)?.id;

async function tellStory() {
  const go = $("story-go");
  const { at } = world;
  go.disabled = true;
  for (const doing of world.story[at].doings) {
    const who = doing.who && idOf(doing.who);
    if (doing.who && !who) continue;
    const pane = panes.get(who);
    if (pane) await pane.tell({ ...doing, who });
    else await ask(who ? { ...doing, who } : doing).catch(() => {});
    if (doing.do === "add") later(() => idOf(doing.text) && openPane(idOf(doing.text)));
  }
  await ask({ do: "story", at: at + 1 === world.story.length ? -1 : at + 1 });
  go.disabled = false;
  go.focus();
}

const EVENTS = {
  CallChanged: "Something about the call changed: a name, a shared screen.",
  CallJoined: "Somebody joined the call.",
  CallLeft: "Somebody left the call.",
  CommandGiven: "Somebody gave a command: typed, by a button, or in a form.",
  Due: "A date that was kept has come.",
  MemberJoined: "Somebody came in.",
  MemberKnocked: "Somebody outside asks to come in.",
  MemberLeft: "Somebody left.",
  MemberRenamed: "Somebody changed their name.",
  MessagePosted: "Somebody wrote something. The bot is told that, but not the words.",
  Misunderstood: "Somebody typed a command that does not exist.",
  RoomAdopted: "The bot was added to the room.",
  RoomChanged: "Something about the room itself changed.",
  RoomSeen: "The bot looked at the room again, after a start.",
};
const DID = { Tell: "private words to one person", Post: "words to the room", ShowForm: "a form for one person", Admit: "let somebody in or speak", Hold: "took back leave to speak", Remove: "showed somebody out", TakeDown: "took a message down", Unsay: "took private words down", SetGate: "set the gate", RestoreRoom: "put the room back as it was", BlockRecorder: "stopped a recorder, or let it go on", ShowStatus: "wrote the line over the call", Leave: "left the room" };

function counted(words) {
  const many = new Map();
  words.forEach((w) => many.set(w, (many.get(w) ?? 0) + 1));
  return [...many].map(([word, n]) => (n > 1 ? `${word} × ${n}` : word));
}

function showTurn(last) {
  if (!last?.turn?.event) return say($("turn-event"), "Nothing yet.");
  const { turn } = last;
  $("turn-event").replaceChildren(el("code", {}, turn.event), EVENTS[turn.event] ? el("p", { class: "quiet" }, EVENTS[turn.event]) : "");
  $("turn-decided").replaceChildren(turn.decided === null
    ? el("p", {}, "No feature needs it: nothing was read, nothing was kept.")
    : turn.decided.length ? el("ul", {}, turn.decided.map((d) => el("li", {}, el("strong", {}, d.feature), `: ${d.changes} ${d.changes === 1 ? "record" : "records"}`,
      counted(d.facts).map((f) => [", ", el("code", {}, f)]), counted(d.effects).map((e) => [", wants ", el("code", {}, e)]))))
      : el("p", {}, "Nothing had to be decided."));
  $("turn-did").replaceChildren(last.did.length ? el("ul", {}, counted(last.did).map((d) => el("li", {}, el("code", {}, d), ` ${DID[d.split(" ")[0]] ?? ""}`))) : el("p", {}, "Nothing."));
  $("turn-kept").replaceChildren(
    el("p", {}, `${last.total} rows in all, read here without the key.${last.removed ? ` Removed: ${last.removed}.` : ""}${last.more ? ` ${last.more} more changed than are shown.` : ""}`),
    ...last.kept.map((row) => el("details", {}, el("summary", {}, row.table), el("dl", {}, row.values.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])))),
  );
  const first = $("turn-kept").querySelector("details");
  if (first) first.open = true;
}

// --- What the visitor does around the panes -----------------------------------------------------

async function attempt(form, message) {
  const word = form.querySelector(".word");
  say(word, "");
  try { await ask(message); return true; } catch (refusal) { word.textContent = refusal.message; return false; }
}

$("add").addEventListener("submit", async (event) => {
  event.preventDefault();
  const name = $("add-name").value;
  const before = new Set(world.people.keys());
  if (await attempt(event.target, { do: "add", text: name, switch: event.submitter?.value ?? "human" })) {
    $("add-name").value = "";
    const id = [...world.people.keys()].find((known) => !before.has(known));
    if (id && world.people.get(id).kind === "human") openPane(id);
  }
});
$("forward").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(event.target, { do: "forward", seconds: Number($("forward-by").value) });
});
$("afresh").addEventListener("click", () => { sessionStorage.removeItem("panes"); ask({ do: "afresh" }).catch(() => {}); $("again").open = false; });
$("story-go").addEventListener("click", tellStory);
$("story-leave").addEventListener("click", () => ask({ do: "story", at: -1 }).catch(() => {}));
WIDE.addEventListener("change", showPeople);

$("inside").open = WIDE.matches;
connect();
