/** Terraform with a generic REST provider. */
export class TerraformContestant {
  /** Why it cannot take part here. */
  static async absent() {
    return "no Terraform contestant";
  }
}
