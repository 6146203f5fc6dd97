/** Names of functions that close something, told from those that end a piece of business. */

/** `close_position`, `close_all_orders`, `close_ticket`: the work that somebody asked for, and no tidying up. */
export const ENDS_BUSINESS =
  /^_?a?close_(?:\w+_)?(?:positions?|orders?|trades?|deals?|accounts?|issues?|tickets?|polls?|auctions?|rounds?|period|month|day)(?:_|$)/i;
