// The desk itself, without the page: what a scan is, what speaks against a loan as far as this device can know, and writing the acts down. What the
// device cannot know is decided when the log arrives; here somebody may act all the same, and it is told to them then.
import * as clock from "./clock.js";
import * as log from "./log.js";
import * as snapshot from "./snapshot.js";
import { named } from "./words.js";

export class Desk {
  constructor(device) {
    this.device = device;
    this.zone = device.house.zone;
    this.entries = [];
    this.lent = new Map();
    this.newcomers = new Map();
    this.more = new Map();
  }

  // What was done here and has not reached the snapshot yet.
  async load() {
    this.entries = await log.entries();
    this.lent.clear();
    this.newcomers.clear();
    this.more.clear();
    const drawn = snapshot.about()?.as_of ?? 0;
    for (const entry of this.entries) {
      if (entry.unreadable) continue;
      const { act, facts, shown } = entry;
      if (act === "register") this.newcomers.set(facts.card, { ...shown.member, entry: entry.number });
      if (entry.sent && entry.outcome && entry.at < drawn) continue;
      if (act === "check_out") {
        this.lent.set(facts.barcode, facts.card);
        this.more.set(facts.card, (this.more.get(facts.card) ?? 0) + 1);
      } else if (act === "check_in") {
        const card = this.lent.get(facts.barcode);
        if (card) this.more.set(card, this.more.get(card) - 1);
        this.lent.set(facts.barcode, null);
      }
    }
  }

  // What a scan or some words are: {copy}, {member}, {names, titles}, or {unknown}. Titles are what the reader in hand may ask for.
  read(scan, reader = null) {
    const copy = snapshot.copyBy(snapshot.plain(scan));
    if (copy) return { copy };
    const card = snapshot.cardOf(scan);
    const member = snapshot.memberBy(card) ?? this.newcomers.get(card);
    if (member) return { member };
    if (this.lent.has(snapshot.plain(scan))) return { copy: { barcode: snapshot.plain(scan), title: "", strange: true } };
    if (!/\p{L}{2}/u.test(scan)) return { unknown: snapshot.plain(scan) };
    const names = /\d/.test(snapshot.plain(scan)) ? [] : this.namesLike(scan);
    const titles = reader ? snapshot.titlesLike(scan) : [];
    return names.length || titles.length ? { names, titles } : { unknown: snapshot.plain(scan) };
  }

  namesLike(words) {
    const fresh = [...this.newcomers.values()].filter((one) => one.name.toLowerCase().includes(words.trim().toLowerCase()));
    return [...snapshot.namesLike(words), ...fresh.filter((one) => !snapshot.memberBy(one.card))].slice(0, 20);
  }

  termsOf(member, copy) {
    return snapshot.termsOf(member.category, member.near ?? 0, copy.type ?? "book");
  }

  loansOf(member) {
    return (member.loans ?? 0) + (this.more.get(member.card) ?? 0);
  }

  // Why a loan should not be: keys of words with their values. Empty: nothing speaks against it.
  concerns(member, copy) {
    const found = [];
    const terms = this.termsOf(member, copy);
    const holder = this.lent.get(copy.barcode);
    if (member.strange) found.push(["concern:card", {}]);
    if (copy.strange) found.push(["concern:copy", {}]);
    if (member.until && member.until < snapshot.today(this.zone)) found.push(["concern:expired", {}]);
    for (const block of member.blocks ?? []) found.push([`block:${block}`, {}]);
    if (holder) found.push([holder === member.card ? "concern:has" : "concern:lent", {}]);
    else if (holder === undefined && copy.state === "on_loan") found.push(["concern:lent", {}]);
    if (copy.keptFor && copy.keptFor !== member.id) found.push(["concern:kept", {}]);
    if (terms?.refused) found.push(["concern:rule", { rule: named(terms.refused) }]);
    if (terms?.loans_max != null && this.loansOf(member) + 1 > terms.loans_max) found.push(["concern:limit", { count: terms.loans_max }]);
    if (terms?.overdue_max != null && member.overdue > terms.overdue_max) found.push(["concern:overdue", { count: member.overdue }]);
    if (typeof terms?.debt_max === "number" && member.debt > terms.debt_max) found.push(["concern:debt", {}]);
    return found;
  }

  async lend(member, copy, concerns) {
    const terms = this.termsOf(member, copy);
    const due = terms ? snapshot.dueOf(terms.days, this.zone) : "";
    const facts = { card: member.card, barcode: copy.barcode };
    if (due) facts.due = due;
    if (member.entry) facts.member_entry = member.entry;
    if (concerns.length) facts.despite = concerns.map(([key]) => key);
    const number = await log.append(this.device, "check_out", facts, { title: copy.title, name: member.name, due });
    await this.load();
    return { number, due };
  }

  async takeBack(copy) {
    const number = await log.append(this.device, "check_in", { barcode: copy.barcode }, { title: copy.title });
    await this.load();
    return { number };
  }

  // The member waits for another copy of what this one is of, or for any edition where a title was named and no copy is in hand; the place in the
  // queue is by the time of asking.
  async request(member, copy, anyEdition) {
    const facts = { card: member.card, barcode: copy.barcode };
    if (anyEdition) facts.any_edition = true;
    if (member.entry) facts.member_entry = member.entry;
    await log.append(this.device, "request", facts, { title: copy.title, name: member.name });
    await this.load();
  }

  // Takes back what was written here and has not gone up; whether it could be.
  async undo(number) {
    const done = await log.takeBack(this.device, number);
    await this.load();
    return done;
  }

  async register(facts) {
    const card = snapshot.cardOf(facts.card);
    if (snapshot.memberBy(card) || this.newcomers.has(card)) return { taken: true };
    const name = (facts.language === "vi" ? [facts.family_name, facts.given_name] : [facts.given_name, facts.family_name]).filter(Boolean).join(" ");
    const member = { id: 0, card, name, category: facts.category, until: "", blocks: [], loans: 0, overdue: 0, debt: 0, near: 0 };
    await log.append(this.device, "register", { ...facts, card }, { member });
    await this.load();
    return { member: this.newcomers.get(card) };
  }

  get time() {
    return clock.now();
  }
}
