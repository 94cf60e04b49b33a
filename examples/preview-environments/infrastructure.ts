import { AlwaysOnService, App, PreviewEnvironment, Stack } from "pulumi-mags/constructs";

export interface GuestBookProps {
  title: string;
  /** Of the preview; production has none. */
  pullRequest?: number;
  protectData?: boolean;
}

/** What is to be there. It knows nothing of Pulumi, so that it can be planned without. */
export function guestBook({ title, pullRequest, protectData = true }: GuestBookProps) {
  const app = new App();
  const stack = new Stack(app, "guest-book");
  const service = {
    // Where the emulator cannot give a VM folders of its own, MAGS_UPLOADS names the place.
    script: 'cd "${MAGS_UPLOADS:-/uploads}" && exec node app/server.js',
    files: { "app/": "./app" },
    environment: { TITLE: title },
    healthPath: "/health",
  };
  // The database is a file in the workspace: it outlives every VM, and a preview has one of its own.
  const { url } =
    pullRequest === undefined
      ? new AlwaysOnService(stack, "service", {
          ...service,
          workspace: { deletionProtection: protectData },
        })
      : new PreviewEnvironment(stack, "preview", { ...service, pullRequest });
  return { app, url };
}
