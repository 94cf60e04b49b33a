import { schedules } from "./app";

// npm run synth: what it writes is committed, so that a pull request shows what changes.
schedules().app.synth("manifest");
