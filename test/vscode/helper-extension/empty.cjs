/** An extension that does nothing, for comparison. */
exports.activate = () => {};
