import type { Clock } from "../clock";
import type { Folders } from "../cloud";
import type { Settings } from "../options";
import { NamespacesRuntime } from "./namespaces";
import { PortsRuntime, endLeftovers } from "./ports";
import type { Runtime } from "./runtime";
import { SimulateRuntime } from "./simulate";

/** The runtime that the settings ask for and this machine permits. */
export async function openRuntime(settings: Settings, folders: Folders, clock: Clock): Promise<Runtime> {
  const { log } = settings;
  if (settings.execute === "simulate") return new SimulateRuntime(clock, settings.simulate);
  if (process.platform === "win32") {
    throw new Error(
      "Scripts need a Unix system. On Windows use `--execute simulate`, or run the emulator in WSL.",
    );
  }
  if (settings.data !== undefined) {
    const ended = endLeftovers(folders.home);
    if (ended > 0)
      log(`processes that an earlier emulator with this folder left behind, now ended: ${ended}`);
  }
  if (settings.isolation !== "ports") {
    try {
      return await NamespacesRuntime.open({
        runFolder: folders.run,
        hide: folders.home,
        network: settings.network,
      });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (settings.isolation === "namespaces") {
        throw new Error(
          `This machine does not permit the namespaces that isolation "namespaces" needs: ${reason}. ` +
            'Permit unprivileged user namespaces, or use isolation "ports".',
          { cause: error },
        );
      }
      log(`namespaces are not permitted here (${reason}); VMs are told apart by ports`);
    }
  }
  return PortsRuntime.open(folders.home);
}
