/** What a preview of a pull request must not say. */
import { MagsError } from "./base";

export const previewNameGiven = (field: string) =>
  new MagsError(
    `${field} must not be given in a preview: that of the next pull request would have the same. ` +
      `Leave it out, and a name is generated that is this preview's alone; where other stacks need it, give it there only.`,
  );

export const previewProtected = () =>
  new MagsError(
    `deletionProtection must be false in a preview, which is removed when its pull request is closed. ` +
      `Set it to false, or make it a PreviewEnvironment, which does so by itself.`,
  );

export const previewWorksElsewhere = (field: string, value: string) =>
  new MagsError(
    `${field} names "${value}", which is not part of this preview: pull requests would change what others use. ` +
      `Refer to a resource of the program, or make a workspace with baseWorkspaceId, which is a copy.`,
  );
