import { App, SandboxFleet, Size, Stack } from "pulumi-mags/constructs";

/** How many there are of each size. */
const COUNTS = { small: 30, medium: 15, large: 5 };

/** What is to be there. It knows nothing of Pulumi, so that it can be planned without. */
export function sandboxes({ protectData = true } = {}) {
  const app = new App();
  const fleet = new SandboxFleet(new Stack(app, "fleet"), "boxes", {
    members: Object.entries(COUNTS).flatMap(([size, count]) =>
      Array.from({ length: count }, (_, index) => ({ id: `${size}-${index + 1}`, size })),
    ),
    sizes: {
      small: { memory: Size.gibibytes(1) },
      medium: { memory: Size.gibibytes(4), disk: Size.gibibytes(8) },
      large: { memory: Size.gibibytes(8), disk: Size.gibibytes(32), noSleep: true },
    },
    // Whoever leaves the list loses the VM; the files stay until this is turned off.
    sandbox: { deletionProtection: protectData },
  });
  return { app, fleet };
}
