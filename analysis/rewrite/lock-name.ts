/** What to call the lock of a variable: in capitals beside a constant, as everything of its kind is. */
export function lockName(name: string): string {
  return /[A-Z]/.test(name) && name === name.toUpperCase() ? `${name}_LOCK` : `${name}_lock`;
}
