import { destroy, outside, refresh, refuse, up, type History } from "./history";
import { alias, cron, data, job, on, other } from "./resources";

/** Somebody else changes things in the cloud. */
export const SURPRISES: readonly History[] = [
  {
    title: "deleted outside: found by refresh, made again by up",
    steps: [
      up(data, other, alias(on("data")), cron()),
      outside({ remove: "url" }),
      outside({ remove: "nightly" }),
      refresh,
      up(data, other, alias(on("data")), cron()),
      outside({ remove: "other" }),
      refresh,
      up(data, other, alias(on("data")), cron()),
      outside({ remove: "data" }),
      refresh,
      up(data, other, alias(on("data")), cron()),
    ],
  },
  {
    title: "deleted outside: not seen by up, no obstacle to destroy",
    steps: [
      up(cron(), cron({}, "weekly")),
      outside({ remove: "nightly" }),
      up(cron(), cron({}, "weekly")),
      destroy,
    ],
  },
  {
    title: "an alias repointed outside: seen by refresh only, then put right",
    steps: [
      up(data, other, alias(on("data"))),
      outside({ repoint: "url", to: "other" }),
      up(data, other, alias(on("data"))),
      refresh,
      up(data, other, alias(on("data"))),
    ],
  },
  {
    title: "a schedule edited outside: seen by refresh, then put right, or taken into the program",
    steps: [
      up(cron()),
      outside({ edit: "nightly", fields: { script: "echo drift", enabled: false } }),
      refresh,
      up(cron()),
      outside({ edit: "nightly", fields: { script: "echo drift" } }),
      refresh,
      up(cron({ script: "echo drift" })),
    ],
  },
  {
    title: "a VM stopped outside: seen by refresh only, then started again",
    steps: [
      up(data, job(on("data"))),
      outside({ stop: "box" }),
      up(data, job(on("data"))),
      refresh,
      up(data, job(on("data"))),
    ],
  },
  {
    title: "a refresh that fails applies what it has learned",
    steps: [
      up(data, alias(on("data")), cron()),
      outside({ remove: "nightly" }),
      refuse("GET /mags-url-aliases"),
      refresh,
      up(data, alias(on("data")), cron()),
    ],
  },
  {
    title: "a program without anything, twice",
    steps: [up(cron()), up(), up()],
  },
];
