/** Python texts that rules of the product speak about, for the tests of the server. */

/** `pandas/iterrows`: one finding, on `iterrows` in line 5; its fix asks for review. */
export const ITERROWS = `import pandas as pd


def total(df: pd.DataFrame) -> float:
    result = 0.0
    for _, row in df.iterrows():
        result += row["price"] * row["count"]
    return result
`;

/** What the fix of `ITERROWS` makes of it. */
export const ITERROWS_FIXED = `import pandas as pd


def total(df: pd.DataFrame) -> float:
    return (df["price"] * df["count"]).sum()
`;

/** The same finding, which the rule declines to repair: there is a syntax error. */
export const ITERROWS_BROKEN = ITERROWS.replace("    return result\n", "    result = = 0\n    return result\n");

/** `profiling/wall-clock-duration`, twice: the fix is safe. */
export const WALL_CLOCK = `import time


def first(work) -> float:
    start = time.time()
    work()
    return time.time() - start


def second(work) -> float:
    begin = time.time()
    work()
    return time.time() - begin
`;

export const FILE = "file:///nippy-tests/project/work.py";
