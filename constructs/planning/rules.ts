/** Rules about several resources of a tree, each of which would be well by itself. */
import type { KindName } from "../../provider/schema/fields";
import { SCHEMAS } from "../../provider/schema/schemas";
import * as errors from "../errors";
import { MagsResource } from "../resource";
import { ByPlace, placeOf, realmsOf, type AccountOf, type Place, type Realms } from "./accounts";
import type { Identity, Leaf, Leaves } from "./leaves";
import type { Problems } from "./problems";

/** A remark that no construct has made itself. */
export type Warn = (resource: MagsResource, message: string) => void;

/** @param accountOf the account of each resource, where that is known: in a deploy */
export function checkTogether(
  leaves: Leaves,
  problems: Problems,
  warn: Warn,
  accountOf: AccountOf | undefined,
): void {
  const certain = new Set<string>();
  const warned = new Set<string>();
  for (const realms of realmsOf(accountOf)) new Rules(leaves, realms, refuse, remark).check();
  if (accountOf) checkDomains(leaves, accountOf, remark);

  function refuse(leaf: Leaf, realms: Realms, message: string): void {
    if (realms.certain) {
      certain.add(leaf.path);
      problems.add(leaf.resource, message);
      // Of one that is refused anyway nothing more is to be said.
    } else if (!certain.has(leaf.path)) remark(leaf, errors.unlessOtherAccount(message));
  }

  function remark({ path, resource }: Leaf, message: string): void {
    if (warned.has(`${path}\n${message}`)) return;
    warned.add(`${path}\n${message}`);
    warn(resource, message);
  }
}

class Rules {
  private readonly jobs = new ByPlace<Leaf>();

  constructor(
    private readonly leaves: Leaves,
    private readonly realms: Realms,
    private readonly refuse: (leaf: Leaf, realms: Realms, message: string) => void,
    private readonly warn: (leaf: Leaf, message: string) => void,
  ) {}

  check(): void {
    this.checkNames();
    this.checkJobs();
    this.checkLocalDisks();
    this.checkUsers();
    this.checkAliases();
  }

  /** Names are the only handle on things in the cloud: no two of a kind can share one. */
  private checkNames(): void {
    const taken = new Map<KindName, ByPlace<Leaf>>();
    for (const leaf of this.leaves.all) {
      const { kind } = leaf;
      const { nameField } = SCHEMAS[kind];
      const given = this.place(leaf, leaf.inputs[nameField]);
      if (!given) continue;
      // Whatever says the name, it is that of this resource, in its own account.
      const place = { ...given, realm: this.realms.of(leaf.resource) };
      if (!taken.has(kind)) taken.set(kind, new ByPlace());
      const first = taken.get(kind)!.claim(place, leaf);
      if (first)
        this.refused(leaf, errors.nameTwice(kind, nameField, nameInWords(given.identity), first.path));
    }
  }

  /** A workspace has one active VM: one job. */
  private checkJobs(): void {
    for (const leaf of this.ofKind("Job")) {
      const place = this.workspaceOf(leaf);
      const first = place && this.jobs.claim(place, leaf);
      if (!first) continue;
      // Two jobs on local disks have one name then, and are told as that.
      if (leaf.inputs.workspaceId !== undefined || first.inputs.workspaceId !== undefined)
        this.refused(leaf, errors.twoJobsOnWorkspace(workspaceInWords(place.identity), first.path));
    }
  }

  private checkLocalDisks(): void {
    const workspaces = new ByPlace<Leaf>();
    for (const leaf of this.ofKind("Workspace")) {
      const place = this.workspaceOf(leaf);
      if (place) workspaces.claim(place, leaf);
    }
    for (const leaf of this.ofKind("Job")) {
      if (leaf.inputs.workspaceId !== undefined) continue;
      const workspace = workspaces.get(this.place(leaf, leaf.inputs.name));
      if (workspace) this.refused(leaf, errors.localDiskNameTaken(workspace.path));
    }
  }

  /** No schedule, and no run with a VM of its own, beside a job. */
  private checkUsers(): void {
    for (const leaf of [...this.ofKind("CronJob"), ...this.ofKind("Run")]) {
      const place = this.place(leaf, leaf.inputs.workspaceId);
      const job = this.jobs.get(place);
      if (!job) continue;
      const message = leaf.kind === "Run" ? errors.runOnJobWorkspace : errors.scheduleOnJobWorkspace;
      this.refused(leaf, message(workspaceInWords(place!.identity), job.path));
    }
  }

  /** What an alias points to has to answer HTTP. */
  private checkAliases(): void {
    for (const leaf of this.ofKind("UrlAlias")) {
      const place = this.place(leaf, leaf.inputs.workspaceId);
      const job = this.jobs.get(place);
      if (!job) {
        // A workspace of this app, on which no job of it runs; of others nothing is known.
        if (MagsResource.isMagsResource(place?.identity))
          this.warn(leaf, errors.nothingAnswers(place.identity.path));
        continue;
      }
      const { http } = job.inputs;
      if (http === undefined) this.refused(leaf, errors.targetHasNoUrl(job.path));
      else if (!opens(http, leaf.inputs.port))
        this.warn(leaf, errors.portNotOpen(leaf.inputs.port as number, job.path));
    }
  }

  private ofKind(kind: KindName): Leaf[] {
    return this.leaves.all.filter((leaf) => leaf.kind === kind);
  }

  /** Where the files of a workspace or a job are. */
  private workspaceOf(leaf: Leaf): Place | undefined {
    return this.place(leaf, this.leaves.attribute(leaf.resource, "workspaceId"));
  }

  private place(leaf: Leaf, value: unknown): Place | undefined {
    return placeOf(this.leaves, this.realms, leaf, value);
  }

  private refused(leaf: Leaf, message: string): void {
    this.refuse(leaf, this.realms, message);
  }
}

/** The URL of an alias is one whatever the account, where the domain is. */
function checkDomains(
  leaves: Leaves,
  accountOf: AccountOf,
  warn: (leaf: Leaf, message: string) => void,
): void {
  const taken = new Map<string, Leaf>();
  for (const leaf of leaves.all) {
    if (leaf.kind !== "UrlAlias") continue;
    const [subdomain, domain] = [leaf.inputs.subdomain, leaf.inputs.domain].map((value) =>
      leaves.identity(value),
    );
    if (typeof subdomain !== "string") continue;
    const address = JSON.stringify([subdomain, domain]);
    const first = taken.get(address);
    if (!first) taken.set(address, leaf);
    else if (accountOf(first.resource) !== accountOf(leaf.resource))
      warn(leaf, errors.subdomainInTwoAccounts(subdomain, first.path));
  }
}

/** Whether a job opens a port, as far as both are known. */
function opens(http: unknown, port: unknown): boolean {
  if (typeof port !== "number" || typeof http !== "object" || http === null) return true;
  const { port: main, otherPorts = [] } = http as { port?: unknown; otherPorts?: unknown };
  if (!Array.isArray(otherPorts)) return true;
  const open: unknown[] = [main, ...(otherPorts as unknown[])];
  return open.includes(port) || !open.every((one) => typeof one === "number");
}

function nameInWords(name: Identity): string {
  if (typeof name === "string") return `"${name}"`;
  return MagsResource.isMagsResource(name) ? `that of ${name.path}` : "that of one Output";
}

function workspaceInWords(workspace: Identity): string {
  if (typeof workspace === "string") return `"${workspace}"`;
  return MagsResource.isMagsResource(workspace) ? workspace.path : "of one Output";
}
