import { renameNames } from "../filter/filter.ts";
import { type Collection, type Collections, ruleNames } from "./collection.ts";
import { compileSet, ruleText } from "./compile.ts";
import { type Definition, renamedFields } from "./definition.ts";
import { renameInQuery } from "./view-renames.ts";

/**
 * All definitions as they stand after `saved` took the place of `old`. Rules and queries of views that stayed as they were follow
 * what got another name, also those of other collections; one that was sent with the change is taken as it is meant to be.
 */
export function followRenames(set: Collections, old: Definition | undefined, saved: Definition): Definition[] {
  const definitions = set.all.map(({ definition }) => definition);
  if (!old) return [...definitions, saved];
  const change: Change = { set, old, saved, fields: renamedFields(old, saved) };
  const renaming = { set, old, name: saved.name, fields: change.fields };
  return set.all.map((home) => {
    const next = home.id === saved.id ? saved : home.definition;
    if (old.name === saved.name && change.fields.size === 0) return next;
    const sent = home.id === saved.id && saved.viewQuery !== home.definition.viewQuery;
    const viewQuery = next.viewQuery !== undefined && !sent ? renameInQuery(next.viewQuery, renaming) : next.viewQuery;
    const followed = ruleNames.flatMap((rule) => {
      const text = ruleText(next, rule);
      if (!text || text !== ruleText(home.definition, rule)) return [];
      const renamed = renameNames(text, (name) => follow(name, home, change));
      return renamed === text ? [] : [[`${rule}Rule`, renamed]];
    });
    const mfa = followedMfa(next, home, change);
    if (followed.length === 0 && viewQuery === next.viewQuery && !mfa) return next;
    return { ...next, ...Object.fromEntries(followed), ...(viewQuery === undefined ? {} : { viewQuery }), ...mfa };
  });
}

/** All definitions after several changes. What is changed itself says what it means; everything else follows what it renames. */
export function definitionsAfter(
  staying: readonly Definition[],
  changes: readonly { readonly old?: Definition; readonly next?: Definition }[],
): Definition[] {
  let definitions = [...staying];
  for (const { old, next } of changes) {
    if (!next) continue;
    const renames = old && (old.name !== next.name || renamedFields(old, next).size > 0);
    if (!old) definitions = [...definitions, next];
    else if (renames) definitions = followRenames(compileSet(definitions), old, next);
    definitions = definitions.map((it) => (it.id === next.id ? next : it));
  }
  const meant = new Map(changes.flatMap(({ next }) => (next ? [[next.id, next]] : [])));
  return definitions.map((it) => meant.get(it.id) ?? it);
}

interface Change {
  /** The collections as they are before it. */
  readonly set: Collections;
  readonly old: Definition;
  readonly saved: Definition;
  readonly fields: ReadonlyMap<string, string>;
}

/** Who is asked for a second proof is a rule, too. */
function followedMfa(next: Definition, home: Collection, change: Change): Pick<Definition, "mfa"> | undefined {
  const { mfa } = next;
  if (!mfa || mfa.rule.trim() === "" || mfa.rule !== home.definition.mfa?.rule) return undefined;
  const rule = renameNames(mfa.rule, (name) => follow(name, home, change));
  return rule === mfa.rule ? undefined : { mfa: { ...mfa, rule } };
}

/** A name in a rule of `home`, after the change. */
function follow(name: string, home: Collection, change: Change): string {
  const segments = name.split(".");
  const [head, second = ""] = segments;
  const path = (start: Collection | undefined, from: number) =>
    [...segments.slice(0, from), ...followPath(segments.slice(from), start, change)].join(".");
  if (head === "@request" && second === "body") return path(home, 2);
  if (head === "@request" && second === "auth") return path(people(segments[2], change), 2);
  if (head === "@collection") {
    const [wanted = "", ...alias] = second.split(":");
    segments[1] = [collectionName(wanted, change), ...alias].join(":");
    return path(change.set.find(wanted), 2);
  }
  return head?.startsWith("@") ? name : path(home, 0);
}

/** The people a rule speaks of by a field: those who are changed, unless others have a field of that name, too. */
function people(segment: string | undefined, { set, old }: Change): Collection | undefined {
  const [field = ""] = segment?.split(":") ?? [];
  const having = set.all.filter((collection) => collection.type === "auth" && collection.field(field));
  return having.length === 1 && having[0]?.id === old.id ? having[0] : undefined;
}

/** From field to field, as the filter does it. */
function followPath(segments: readonly string[], start: Collection | undefined, change: Change): string[] {
  let at = start;
  return segments.map((segment) => {
    const [name = "", ...modifier] = segment.split(":");
    const field = at?.field(name);
    if (at && field) {
      const renamed = fieldName(name, at, change);
      at = field.target === undefined ? undefined : change.set.find(field.target);
      return [renamed, ...modifier].join(":");
    }
    const [, from = "", by = ""] = /^(\w+)_via_(\w+)$/.exec(name) ?? [];
    at = at && change.set.find(from);
    return at ? [`${collectionName(from, change)}_via_${fieldName(by, at, change)}`, ...modifier].join(":") : segment;
  });
}

function collectionName(name: string, { old, saved }: Change): string {
  return name === old.name ? saved.name : name;
}

function fieldName(name: string, { id }: Collection, { old, fields }: Change): string {
  return id === old.id ? (fields.get(name) ?? name) : name;
}
