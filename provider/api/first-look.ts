/** How soon a new VM is asked for by itself, in parts of the interval between looks at all of them. */
const LEADS = [0, 0.1, 0.25, 0.5];
/** So many VMs in a row may not be up by then, after one that was. */
const PATIENCE = 8;
/** After so many that were up, one is asked for sooner. */
const HITS = 32;

/** A look at one VM by itself. */
export interface OwnLook {
  /** How long after its start. */
  afterMs: number;
  /** To be told what it showed. */
  tell: (isUp: boolean) => void;
}

/**
 * Learns how soon after its start a VM is worth asking for by itself, rather than with the next look at all: the first
 * of {@link LEADS} that finds VMs up. Where none does, VMs wait for the looks, until one is up when it is first looked at.
 */
export class FirstLook {
  private lead = 0;
  /** How many that come next are asked for by themselves. */
  private eager = 0;
  private hits = 0;
  /** Under way. */
  private asked = 0;

  /** @param intervalMs between looks at all */
  constructor(private readonly intervalMs: number) {}

  /** Begins one at a new VM; undefined where the next look at all is soon enough. */
  begin(): OwnLook | undefined {
    // While nobody knows whether it is of use to wait, one tries it.
    const isTrial = this.lead > 0 && this.eager < PATIENCE;
    if (this.eager === 0 || (isTrial && this.asked >= this.eager)) return undefined;
    const { lead } = this;
    this.asked++;
    return {
      afterMs: LEADS[lead]! * this.intervalMs,
      tell: (isUp) => {
        this.asked--;
        this.learn(lead, isUp);
      },
    };
  }

  /** Tells of a VM that was looked at for the first time, so long after its start, with all others. */
  lookedWithOthers(ageMs: number, isUp: boolean): void {
    const lead = LEADS.findIndex((part) => ageMs <= part * this.intervalMs);
    if (isUp && this.eager === 0) [this.lead, this.eager] = lead < 0 ? [0, 1] : [lead, PATIENCE];
    else this.learn(lead, isUp);
  }

  private learn(lead: number, isUp: boolean): void {
    if (lead !== this.lead) return;
    this.eager = isUp ? PATIENCE : Math.max(0, this.eager - 1);
    const isLate = isUp && ++this.hits % HITS === 0 && lead > 0;
    if (this.eager > 0 && !isLate) return;
    this.lead = isLate ? lead - 1 : (lead + 1) % LEADS.length;
    this.eager = isLate || this.lead > 0 ? 1 : 0;
  }
}
