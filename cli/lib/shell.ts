/** A word of a command line, for a shell to take as it is. */
export function quoted(text: string): string {
  return /^[\w./@%+=:,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Words of a command line that may be copied from where the command was called. */
export function optionsOf(options: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(options)
    .filter(([, value]) => value !== undefined && value !== "")
    .map(([name, value]) => ` --${name} ${quoted(value!)}`)
    .join("");
}
