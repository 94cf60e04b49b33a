const assert = require("node:assert/strict");
const { greeting } = require("./greeting");

assert.equal(greeting("de", 2), "du bist Nummer 2");
