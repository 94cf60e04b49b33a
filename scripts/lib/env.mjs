/**
 * A copy of the environment without anything that could point a local run at the real cloud, at somebody's
 * Pulumi account, or at another stack: every MAGS_* and PULUMI_* variable is left out. Loopback never goes
 * through a proxy.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {NodeJS.ProcessEnv}
 */
export function localEnvironment(env = process.env) {
  const kept = Object.entries(env).filter(([name]) => !/^(?:MAGS|PULUMI)_/.test(name));
  const direct = ["localhost", "127.0.0.1", ...(env.NO_PROXY ?? env.no_proxy ?? "").split(",")].filter(
    Boolean,
  );
  const noProxy = [...new Set(direct)].join(",");
  return { ...Object.fromEntries(kept), NO_PROXY: noProxy, no_proxy: noProxy };
}

/**
 * What every run of the Pulumi CLI gets: its own folder for credentials and plugins, no question to a server
 * that is not needed.
 * @param {string} home Absolute path.
 * @returns {NodeJS.ProcessEnv}
 */
export function pulumiSettings(home) {
  return {
    PULUMI_HOME: home,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
}
