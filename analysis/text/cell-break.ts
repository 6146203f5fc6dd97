/** What stands between two cells: a line that Python passes over, and that no editor lets anybody type. It tells where a cell ends. */
export const CELL_BREAK = "\n\f\n";
