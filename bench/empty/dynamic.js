// The handler that the text in index.js names. It does nothing.
module.exports.empty = {
  check: async (_olds, news) => ({ inputs: news, failures: [] }),
  diff: async () => ({ changes: false }),
  create: async () => ({ id: "empty", outs: {} }),
  read: async (id, props) => ({ id, props }),
  update: async () => ({ outs: {} }),
  delete: async () => undefined,
};
