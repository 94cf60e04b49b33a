/** Resources that cannot be as they are beside each other. */

export const nameTwice = (kind: string, property: string, name: string, other: string) =>
  `its ${property} is ${name}, as that of ${other}: two of kind ${kind} would be one thing in the cloud. Give one of them another ${property}.`;

/** Of what the rules refuse within one account, and a plan finds in two stacks. */
export const unlessOtherAccount = (refusal: string) =>
  `in one account, a deploy refuses this: ${refusal} If the two stacks are deployed to accounts of their own, by providers, it is well.`;

export const subdomainInTwoAccounts = (subdomain: string, other: string) =>
  `its subdomain is "${subdomain}", as that of ${other} in another account: a URL is one in all accounts, unless they have domains of ` +
  `their own. Give one of them another subdomain or domain.`;

export const twoJobsOnWorkspace = (workspace: string, other: string) =>
  `it works on the workspace ${workspace}, as ${other} does, and a workspace can have one active VM only. ` +
  `Give one of them a workspace of its own, for example a fork: workspace.fork(…).`;

export const localDiskNameTaken = (other: string) =>
  `it has no workspace, so its files stay on its local disk, but its name is that of the workspace ${other}, and the two would share it. ` +
  `Give it that workspace, or another name.`;

export const scheduleOnJobWorkspace = (workspace: string, job: string) =>
  `it would fire on the workspace ${workspace}, on which ${job} runs: a workspace can have one active VM only. ` +
  `Give the schedule a workspace of its own, for example a fork: workspace.fork(…).`;

export const runOnJobWorkspace = (workspace: string, job: string) =>
  `it would run on the workspace ${workspace}, on which ${job} runs: a workspace can have one active VM only. ` +
  `To run inside that job, give it as job; or give the run a workspace of its own.`;

export const targetHasNoUrl = (job: string) =>
  `it points to ${job}, which opens no port and so has no URL. Give that job http: { port: … }.`;

export const portNotOpen = (port: number, job: string) =>
  `it points to port ${port} of ${job}, which does not open that port, so nothing would answer. Add it to the job's http.otherPorts.`;

export const nothingAnswers = (workspace: string) =>
  `it points to the workspace ${workspace}, on which no job of this app runs: it answers only while some other job does.`;

export const protectedButDestroyed = () =>
  `deletionProtection is true, and its removal policy is DESTROY: the one forbids what the other asks for. Keep one of them.`;
