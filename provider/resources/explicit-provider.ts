import type * as pulumi from "@pulumi/pulumi";

/** The provider that a resource was given, by itself or by a parent; undefined where the stack configures its account. */
export function explicitProvider(
  options: pulumi.CustomResourceOptions | undefined,
): pulumi.ProviderResource | undefined {
  return options?.provider ?? options?.parent?.getProvider("pulumi-nodejs:dynamic/mags:any");
}
