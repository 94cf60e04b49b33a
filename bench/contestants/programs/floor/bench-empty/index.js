// The least that a resource with a constant provider text can be: what every such package has to pay.
const pulumi = require("@pulumi/pulumi");

const PROVIDER = 'exports.handler=()=>require("bench-empty/dynamic").empty;';

class Empty extends pulumi.CustomResource {
  constructor(name, args) {
    const inputs = { ...args, __provider: PROVIDER };
    super("pulumi-nodejs:dynamic/bench:Empty", name, inputs, { hideDiffs: ["__provider"] });
    delete this.__provider;
  }
}

module.exports = { Empty };
