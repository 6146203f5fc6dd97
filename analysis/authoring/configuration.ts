/** Configuration: parts of pyproject.toml, setup.cfg, pytest.ini, mypy.ini and requirements files, for rules of the document `configuration`. */

export {
  asRequirement,
  asSetting,
  asSettingTable,
  isOn,
  plainValue,
  removedRequirement,
  tableNames,
  type Requirement,
  type Setting,
  type SettingTable,
} from "../configuration/views.js";
export { STDLIB_MODULES } from "../knowledge/stdlib-modules.js";
