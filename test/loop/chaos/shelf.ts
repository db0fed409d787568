import type { Records } from '../../../shared/run/ports.ts';

/** Texts under names, without waiting: what a bucket of records is, when nothing goes wrong. */
export class Shelf {
  readonly #texts = new Map<string, string>();
  /** By folder, in order once somebody lists them. */
  readonly #listed = new Map<string, string[]>();

  read(name: string): string | undefined {
    return this.#texts.get(name);
  }

  create(name: string, text: string): boolean {
    if (this.#texts.has(name)) return false;
    this.write(name, text);
    return true;
  }

  write(name: string, text: string): void {
    if (!this.#texts.has(name)) this.#folder(folderOf(name)).push(name);
    this.#texts.set(name, text);
  }

  /** Only whole folders are ever listed. */
  list(prefix: string, { after = '', limit }: { readonly after?: string; readonly limit: number }) {
    const names = this.#folder(prefix).sort();
    let [low, high] = [0, names.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((names[middle] ?? '') <= after) low = middle + 1;
      else high = middle;
    }
    return names.slice(low, low + limit);
  }

  namesIn(folder: string): readonly string[] {
    return [...this.#folder(folder)];
  }

  foldersIn(folder: string): readonly string[] {
    return [...this.#listed.keys()].filter((one) => one.startsWith(folder) && one !== folder);
  }

  /** The same texts for whoever looks at them when all is over. */
  records(): Records {
    return {
      read: async (name) => this.read(name),
      create: async (name, text) => this.create(name, text),
      write: async (name, text) => this.write(name, text),
      list: async (prefix, from) => this.list(prefix, from),
    };
  }

  #folder(folder: string): string[] {
    const names = this.#listed.get(folder) ?? [];
    this.#listed.set(folder, names);
    return names;
  }
}

/** What is due lies by its kind, and in there by its time. */
function folderOf(name: string): string {
  const [due] = /^due\/\w+\//.exec(name) ?? [];
  return due ?? name.slice(0, name.lastIndexOf('/') + 1);
}
