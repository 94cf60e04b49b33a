/** Terraform with a generic REST provider. */
export class Terraform {
  /** Why it cannot take part here. */
  static async absent() {
    return "no Terraform contestant";
  }
}
