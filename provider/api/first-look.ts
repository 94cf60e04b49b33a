/** How soon a new VM is asked for by itself, in parts of the interval between looks at all of them. */
const LEADS = [0, 0.1, 0.25, 0.5];
/** So many VMs in a row may not be up by then, after one that was. */
const PATIENCE = 8;
/** One in so many is asked for sooner. */
const SOONER = 32;
/** A look at once takes place a moment later, in parts of the interval. */
const MOMENT = 0.02;

/** What a look showed: whether the VM is up; undefined where it could not be seen. */
export type Seen = boolean | undefined;

/** A look at one VM by itself. */
export interface OwnLook {
  /** How long after its start. */
  afterMs: number;
  /** To be told what it showed. */
  tell: (isUp: Seen) => void;
}

/**
 * Learns how soon after its start a VM is worth asking for by itself, rather than with the next look at all: the first
 * of {@link LEADS} that finds VMs up. Where none does, VMs wait for the looks at all.
 */
export class FirstLook {
  /** Which of {@link LEADS}; their number where none is of use. */
  private lead = LEADS.length;
  /** One was up by then. While none was, one at a time tries it. */
  private isProven = false;
  private misses = 0;
  private begun = 0;
  private readonly underWay = LEADS.map(() => 0);

  /** @param intervalMs between looks at all */
  constructor(private readonly intervalMs: number) {}

  /** Begins one at a new VM; undefined where the next look at all is soon enough. */
  begin(): OwnLook | undefined {
    if (this.lead === LEADS.length || (!this.isProven && this.underWay[this.lead]! > 0)) return undefined;
    const isSooner = this.isProven && this.lead > 0 && ++this.begun % SOONER === 0;
    const lead = isSooner ? this.lead - 1 : this.lead;
    this.underWay[lead]!++;
    return {
      afterMs: LEADS[lead]! * this.intervalMs,
      tell: (isUp) => {
        this.underWay[lead]!--;
        if (isUp === true) this.hit(lead);
        if (isUp === false) this.miss(lead);
      },
    };
  }

  /** Tells of a VM that was looked at for the first time, so long after its start, with all others. */
  lookedWithOthers(ageMs: number, isUp: Seen): void {
    const age = ageMs / this.intervalMs;
    if (isUp === false) return this.miss(LEADS.findLastIndex((part) => part <= age));
    if (isUp === undefined) return;
    const lead = LEADS.findIndex((part) => age <= part + MOMENT);
    if (lead >= 0) this.hit(lead);
    // Up some time before: worth trying how long.
    else if (this.lead === LEADS.length) this.try(0);
  }

  /** One was up by then. */
  private hit(lead: number): void {
    if (lead > this.lead) return;
    this.lead = lead;
    this.isProven = true;
    this.misses = 0;
  }

  /** One was not up by then, so neither was it sooner. */
  private miss(lead: number): void {
    if (this.lead === LEADS.length) this.try(lead + 1);
    else if (lead >= this.lead && !(this.isProven && ++this.misses < PATIENCE)) this.try(this.lead + 1);
  }

  private try(lead: number): void {
    this.lead = lead;
    this.isProven = false;
    this.misses = 0;
  }
}
