import { sandboxes } from "./app";

// npm run synth: what it writes is committed, so that a pull request shows what changes.
sandboxes().app.synth("manifest");
