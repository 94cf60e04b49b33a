import { LISTED_KINDS, type ListedKind } from "../account/kinds";
import * as errors from "../errors";

/** What `--only` knows kinds by, the word for each that is shown first. */
export const kindWords = (): [ListedKind, string][] => LISTED_KINDS.map((kind) => [kind, WORDS[kind][0]!]);

export type Selection = (kind: ListedKind, name: string) => boolean;

/**
 * What `--only` says: a kind, a pattern of names, or both, `job:web-*`. Several are joined; without any, all is
 * taken. In a pattern, `*` is any text and `?` one character; a backslash takes either for itself.
 */
export function selection(filters: readonly string[]): Selection {
  if (filters.length === 0) return () => true;
  const rules = filters.map(ruleOf);
  return (kind, name) => rules.some((rule) => rule(kind, name));
}

function ruleOf(filter: string): Selection {
  if (filter === "") throw errors.filterEmpty();
  const colon = filter.indexOf(":");
  const whole = kindOf(filter);
  if (whole !== undefined) return (kind) => kind === whole;
  if (colon < 0) {
    const pattern = globOf(filter);
    return (_kind, name) => pattern.test(name);
  }
  const wanted = kindOf(filter.slice(0, colon));
  if (wanted === undefined)
    throw errors.filterKindUnknown(
      filter.slice(0, colon),
      kindWords().map(([, word]) => word),
    );
  const pattern = globOf(filter.slice(colon + 1) || "*");
  return (kind, name) => kind === wanted && pattern.test(name);
}

const WORDS: Readonly<Record<ListedKind, readonly string[]>> = {
  Workspace: ["workspace", "workspaces"],
  Job: ["job", "jobs"],
  UrlAlias: ["alias", "aliases", "urlalias", "urlaliases"],
  CronJob: ["cron", "crons", "cronjob", "cronjobs"],
};

/** As people would write a kind: `job`, `Jobs`, `url-alias`, `CronJob`. */
function kindOf(text: string): ListedKind | undefined {
  const word = text.toLowerCase().replace(/[-_ ]/g, "");
  return LISTED_KINDS.find((kind) => WORDS[kind].includes(word));
}

function globOf(pattern: string): RegExp {
  const source = pattern.replace(/\\(.)|[\\^$.*+?()[\]{}|/]/gsu, (match, escaped: string | undefined) => {
    if (escaped !== undefined) return quoted(escaped);
    return match === "*" ? ".*" : match === "?" ? "." : quoted(match);
  });
  return new RegExp(`^${source}$`, "su");
}

function quoted(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
