/** A short name for a list of texts. Good enough to tell apart what one project holds; nothing that has to be kept secret or true rests on it. */

/** FNV-1a, twice with different factors: 64 bits in whole numbers that every engine computes the same. */
export class Hash {
  #a = 0x811c9dc5;
  #b = 0x01000193;

  /** The end of each text counts too: no two lists read the same. */
  add(text: string): this {
    for (let index = 0; index < text.length; index++) this.#take(text.charCodeAt(index));
    this.#take(-1);
    return this;
  }

  hex(): string {
    return [this.#a, this.#b].map((it) => (it >>> 0).toString(16).padStart(8, "0")).join("");
  }

  #take(code: number): void {
    this.#a = Math.imul(this.#a ^ code, 0x01000193);
    this.#b = Math.imul(this.#b ^ code, 0x85ebca6b);
  }
}
