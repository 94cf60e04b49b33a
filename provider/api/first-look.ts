/** How soon a new VM is asked for by itself, in parts of the interval between looks at all of them. */
const LEADS = [0, 0.1, 0.25, 0.5];
/** So many VMs in a row may not be up by then, after one that was. */
const PATIENCE = 8;
/** One in so many is asked for sooner. */
const SOONER = 32;

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
  private begun = 0;
  /** Under way. */
  private asked = 0;

  /** @param intervalMs between looks at all */
  constructor(private readonly intervalMs: number) {}

  /** Begins one at a new VM; undefined where the next look at all is soon enough. */
  begin(): OwnLook | undefined {
    // While nobody knows whether it is of use, one tries it.
    if (this.eager === 0 || (this.eager === 1 && this.asked > 0)) return undefined;
    const isSooner = ++this.begun % SOONER === 0 && this.lead > 0;
    const lead = isSooner ? this.lead - 1 : this.lead;
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
    if (isUp && lead === this.lead - 1) this.lead = lead;
    if (lead !== this.lead) return;
    this.eager = isUp ? PATIENCE : this.eager - 1;
    if (this.eager > 0) return;
    this.lead = (lead + 1) % LEADS.length;
    this.eager = this.lead > 0 ? 1 : 0;
  }
}
