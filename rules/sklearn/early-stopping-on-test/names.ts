/** What data is called that a score is reported on, and what is called validation data. */

export const TEST_NAME = /(?:^|[_.a-z])(?:[Tt]est(?:ing)?)(?:_|\d|$|[A-Z])/;
export const VALIDATION = /(?:^|[_.a-z])(?:[Vv]al|[Vv]alid|[Vv]alidation|[Dd]ev|[Ee]val|[Hh]oldout)(?:_|\d|$|[A-Z])/;
