/** Names that several tables of the standard library share. */

export const LOGGER_CALLS = "debug info warning warn error exception critical fatal log";

/** Also those of `collections.ChainMap`, which writes to its first mapping. */
export const DICT_MUTATORS = "update pop popitem clear setdefault __setitem__ __delitem__";

/** Reading moves the position, so a file is another one after it. */
export const FILE_MUTATORS = "read readline readlines readinto read1 write writelines seek truncate close flush detach";

export const PATH_READS = "read_text read_bytes";
export const PATH_WRITES = "write_text write_bytes";

export const LOCKS = ["threading.Lock", "threading.RLock", "threading.Semaphore"];

/** What the functions of `random` and the methods of `random.Random` give. */
export const RANDOM_NUMBERS = {
  float:
    "random uniform triangular betavariate expovariate gammavariate gauss lognormvariate normalvariate vonmisesvariate paretovariate weibullvariate",
  int: "randint randrange getrandbits binomialvariate",
  list: "choices sample",
  bytes: "randbytes",
  None: "shuffle seed setstate",
};
