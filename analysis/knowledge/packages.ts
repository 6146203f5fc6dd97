/** Facts about smaller packages that much data code uses, kept by hand: Beautiful Soup 4.15. */

import type { LibraryFacts } from "./library.js";
import { constructors, derived, moved, lists, members, spread } from "./table.js";

const FOUND_ALL =
  "find_all findAll find_all_next find_all_previous find_next_siblings find_previous_siblings find_parents select";
const FOUND_ONE = "find find_next find_previous find_next_sibling find_previous_sibling find_parent select_one";

export const PACKAGES: LibraryFacts = {
  returns: [
    ...constructors({ bs4: "BeautifulSoup" }),
    // A ResultSet is a list. What is not found is None; code that goes on has ruled that out.
    ...spread({
      "bs4.Tag": {
        "list[bs4.Tag]": FOUND_ALL,
        "bs4.Tag": FOUND_ONE,
        str: "get_text prettify decode",
        bool: "has_attr",
        None: "decompose clear smooth",
        self: "extract",
      },
      "bs4.BeautifulSoup": { "bs4.Tag": "new_tag" },
      // Whatever the text holds.
      yaml: { "?": "safe_load load full_load safe_load_all load_all" },
      "requests.Response": { "?": "json" },
      "httpx.Response": { "?": "json" },
    }),
  ],
  attributes: spread({
    "bs4.Tag": {
      str: "text name",
      dict: "attrs",
      list: "contents",
      iterator: "children descendants parents next_siblings previous_siblings strings",
      "iterator[str]": "stripped_strings",
      "bs4.Tag": "parent",
    },
  }),
  bases: derived({ "bs4.Tag": { bs4: "BeautifulSoup" } }),
  aliases: moved({ bs4: { "bs4.element": "Tag ResultSet NavigableString" } }),
  mutators: lists({
    "bs4.Tag":
      "append extend insert insert_before insert_after replace_with wrap unwrap extract decompose clear smooth __setitem__ __delitem__",
  }),
  pure: members({ "bs4.Tag": `${FOUND_ALL} ${FOUND_ONE} get_text has_attr` }),
};
