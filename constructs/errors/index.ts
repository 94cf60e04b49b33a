/**
 * Every message that a user of constructs can meet, a file for each concept: what is wrong, why, and what to do. Those
 * that a plan collects are texts without the path, which is put before each; secrets never appear in them.
 */
export * from "./base";
export * from "./tree";
export * from "./aspects";
export * from "./order";
export * from "./references";
export * from "./resources-together";
export * from "./values";
export * from "./deploy";
export * from "./patterns";
export * from "./schedule-file";
export * from "./manifests";
