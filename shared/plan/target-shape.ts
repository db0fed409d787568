import { ACROSS, maybe, ONE, type Shape, text, WITHIN } from './key-shape.ts';
import { type Part, type Placeholder, patternParts } from './pattern.ts';
import type { Template } from './rule.ts';
import type { Window } from './window.ts';

/**
 * What the targets of all sources in a window look like. It may say too much, never too little:
 * every key the pattern can name for such a source has this shape.
 */
export function targetShape(
  pattern: string,
  window: Window,
  template: Pick<Template, 'name' | 'version'>,
): Shape {
  const ending = endingOf(window.suffix);
  const parts = withNames(patternParts(pattern));
  return parts.flatMap((part): Shape => {
    if ('text' in part) return text(part.text);
    switch (part.placeholder) {
      case 'dir':
        return dirShape(window.prefix, part.along);
      case 'name':
        return ending.name;
      case 'stem':
        return ending.stem;
      case 'ext':
        return extShape(ending.ext, part.along);
      case 'template':
        return text(template.name);
      case 'version':
        return text(String(template.version));
      case 'mm':
      case 'dd':
        return [ONE, ONE];
      default:
        return [WITHIN];
    }
  });
}

/** The pattern with `{stem}.{ext}` read as what it always is, `{name}`. */
function withNames(parts: readonly Part[]): readonly Part[] {
  return parts.flatMap((part, at): readonly Part[] => {
    if (isPart(part, 'stem') && isPart(parts[at + 1], 'ext', '.')) {
      return [{ placeholder: 'name', along: '' }];
    }
    return isPart(part, 'ext', '.') && isPart(parts[at - 1], 'stem') ? [] : [part];
  });
}

function isPart(part: Part | undefined, placeholder: Placeholder, along = ''): boolean {
  return (
    part !== undefined &&
    'placeholder' in part &&
    part.placeholder === placeholder &&
    part.along === along
  );
}

/** With the prefix `in/raw-`, a folder is `in` or one below it; with `raw-`, none or `raw-…`. */
function dirShape(prefix: string, along: '' | '/' | '.'): Shape {
  const slash = prefix.lastIndexOf('/');
  if (slash < 0) {
    const begins = prefix === '' ? [ONE] : text(prefix);
    return maybe([...begins, ACROSS, ...text(along)]);
  }
  const folder = prefix.slice(0, slash);
  return along === '/'
    ? [...text(`${folder}/`), ...maybe([ONE, ACROSS, ...text('/')])]
    : [...text(folder), ...maybe([...text('/'), ACROSS])];
}

interface Ending {
  readonly name: Shape;
  readonly stem: Shape;
  /** The ending itself where the suffix says it; `certain` unless a key could be `.jpg` alone. */
  readonly ext: { readonly is: string; readonly certain: boolean } | undefined;
}

function endingOf(suffix: string): Ending {
  const anyName: Shape = [ONE, WITHIN];
  const tail = suffix.slice(suffix.lastIndexOf('/') + 1);
  const run: Shape = suffix === tail ? [WITHIN] : [];
  const name = suffix === '' ? anyName : [...run, ...text(tail)];
  const dot = tail.lastIndexOf('.');
  if (dot < 0 || dot === tail.length - 1) return { name, stem: anyName, ext: undefined };

  const ext = { is: tail.slice(dot + 1), certain: dot > 0 };
  return { name, stem: dot > 0 ? [...run, ...text(tail.slice(0, dot))] : anyName, ext };
}

function extShape(ext: Ending['ext'], along: '' | '/' | '.'): Shape {
  if (!ext) return maybe([...text(along), ONE, WITHIN]);
  const shape = text(along + ext.is);
  return ext.certain ? shape : maybe(shape);
}
