/** Schedules that a file tells. */

export const scheduleFileUnreadable = (file: string, detail: string) =>
  `the schedules in ${file} cannot be read (${detail}). Correct the path: it is relative to the folder that the program runs in.`;

export const scheduleFileEmpty = (file: string) =>
  `${file} has no schedules. Write them as a map from ids, such as: nightly: { schedule: "0 3 * * *", script: ./backup.sh }`;

export const scheduleDocumentTwice = () =>
  `a second document begins here, and the file is read as one. Take the line --- away, or make it a file of its own.`;

export const scheduleKeyTwice = (name: string) => `${name} is there twice. Keep one of them.`;

export const scheduleScriptUnreadable = (file: string, detail: string) =>
  `the script ${file} cannot be read (${detail}). Correct the path: it is relative to the file of the schedules.`;

export const scheduleNotMap = (id: string) =>
  `${id} is no map. Write what the schedule is, such as: ${id}: { schedule: "0 3 * * *", script: ./backup.sh }`;

export const scheduleIdNotText = () => `an id is a text, and this is none.`;

export const scheduleUnknownProperty = (name: string, near: string | undefined, known: readonly string[]) =>
  `there is no property ${name}: ${near ? `did you mean ${near}?` : `known are ${known.join(", ")}.`}`;

export const scheduleMissing = (id: string, what: string) => `${id} has no ${what}. Add it.`;

export const scheduleScriptTwice = (id: string) =>
  `${id} has a script and a scriptFile, which both say what to run. Keep one of them.`;

export const scheduleTextUnquoted = () => ` Write it in quotes.`;

export const scheduleSecretsInFile = () =>
  `secrets has to be a list of names of environment variables of the process that deploys. Their values do not belong into a file.`;
