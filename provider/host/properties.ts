/** The properties with which a resource's values travel that are no values of it. Pulumi calls such names internal. */

/** The provider's text. The host adds it to results, but not to partial errors. */
export const PROVIDER_PROPERTY = "__provider";

/** What only we have to know of a resource: see bookkeeping. */
export const BOOKKEEPING_PROPERTY = "__mags";
