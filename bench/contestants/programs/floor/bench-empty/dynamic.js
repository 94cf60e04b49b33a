// The handler that the text in index.js names. It calls nothing.
module.exports.empty = {
  check: async (_olds, news) => ({ inputs: news, failures: [] }),
  diff: async (_id, olds, news) => ({ changes: olds.change !== news.change }),
  create: async (inputs) => ({ id: "empty", outs: inputs }),
  read: async (id, props) => ({ id, props }),
  update: async (_id, _olds, news) => ({ outs: news }),
  delete: async () => undefined,
};
