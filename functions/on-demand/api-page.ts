import { API_STYLE } from './api-style.ts';
import { type Json, type JsonMap, shapesOf } from './openapi-document.ts';
import type { Route } from './route.ts';

/** The routes as a page for people. It needs nothing from anywhere, and runs nothing. */
export function apiPage(routes: readonly Route[]): string {
  const { ref, schemas } = shapesOf();
  const operations = routes.map((route) => operation(route, ref)).join('\n');
  const shapes = Object.entries(schemas)
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([name, schema]) => shape(name, schema))
    .join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Darkroom on demand</title>
<style>${API_STYLE}</style>
</head>
<body>
<nav aria-label="What can be asked">
<p class="brand"><span class="mark" aria-hidden="true"></span>Darkroom</p>
<ul>${routes.map(entry).join('')}</ul>
<p class="small">Shapes</p>
<ul>${Object.keys(schemas)
    .sort()
    .map((name) => `<li><a href="#${name}">${name}</a></li>`)
    .join('')}</ul>
<p class="small"><a href="/openapi.json">openapi.json</a></p>
</nav>
<main>
<header>
<h1>Darkroom on demand</h1>
<p class="lead">Ask for what a template makes of an object: the plan of it, the work, or a look at it. Callers name
templates and objects; nothing else that is sent here reaches an operation.</p>
<dl class="ways">
<div><dt>API key</dt><dd><code>Authorization: Bearer &lt;key&gt;</code>, for callers that the rules name</dd></div>
<div><dt>Signed link</dt><dd>an address with <code>expires</code> and <code>signature</code>, from <code>darkroom link</code></dd></div>
<div><dt>Problems</dt><dd><code>application/problem+json</code> with the fault's code, and what to do next</dd></div>
</dl>
</header>
${operations}
<section class="shapes"><h2>Shapes</h2>
${shapes}
</section>
</main>
</body>
</html>
`;
}

type Ref = ReturnType<typeof shapesOf>['ref'];

function entry({ id, method, summary }: Route): string {
  return `<li><a href="#${id}"><span class="method ${method.toLowerCase()}">${method}</span><span>${text(summary)}</span></a></li>`;
}

function operation(route: Route, ref: Ref): string {
  const { id, method, path, summary, says, opens, given, body, answers } = route;
  const takes = given.map(({ in: place, name, schema, needed = place === 'path' }) =>
    row(name, ref(schema, 'input'), needed, place),
  );
  const bodyName = body ? nameOf(ref(body, 'input')) : undefined;
  return `<section class="operation" id="${id}">
<h2>${text(summary)}</h2>
<p class="line"><span class="method ${method.toLowerCase()}">${method}</span><code>${placed(path)}</code><span class="opens">${OPENS[opens]}</span></p>
<p>${prose(says)}</p>
${takes.length > 0 ? table(takes) : ''}
${bodyName ? `<p>Body: <a href="#${bodyName}">${bodyName}</a> as JSON.</p>` : ''}
<pre><code>${text(curlOf(route))}</code></pre>
<ul class="answers">${Object.entries(answers)
    .map(([status, { says: what, shape: of, headers = [] }]) => {
      const named = of ? `: ${linked(ref(of, 'output'))}` : '';
      const with_ = headers.map((name) => `<code>${name}</code>`).join(', ');
      return `<li><b class="status">${status}</b> ${prose(what)}${named}${with_ ? ` <span class="or">with ${with_}</span>` : ''}</li>`;
    })
    .join('')}</ul>
</section>`;
}

const OPENS: Readonly<Record<Route['opens'], string>> = {
  key: 'API key',
  'key or link': 'API key or signed link',
  nothing: 'open to all',
};

/** A line that can be pasted into a terminal. */
function curlOf({ method, path, opens, example }: Route): string {
  const filled = path.replace('{template}', 'cutout').replace('{id}', '$RUN');
  const address = filled.replace('{key}', 'incoming/products/mug.jpg') + (example?.query ?? '');
  const key = opens === 'nothing' ? '' : ` \\\n  -H "authorization: Bearer $DARKROOM_API_KEY"`;
  const body = example?.body
    ? ` \\\n  -H 'content-type: application/json' \\\n  -d '${JSON.stringify(example.body)}'`
    : '';
  return `curl -i${method === 'GET' ? '' : ` -X ${method}`} "$DARKROOM_URL${address}"${key}${body}`;
}

function shape(name: string, schema: Json): string {
  const { description = '', properties = {}, required = [] } = mapOf(schema);
  const needed = Array.isArray(required) ? required : [];
  const rows = Object.entries(mapOf(properties)).map(([field, of]) =>
    row(field, of, needed.includes(field)),
  );
  return `<section class="shape" id="${name}"><h3>${name}</h3><p>${prose(String(description))}</p>${table(rows)}</section>`;
}

function table(rows: readonly string[]): string {
  return `<table><tbody>${rows.join('')}</tbody></table>`;
}

function row(name: string, schema: Json, needed: boolean, place = ''): string {
  const { description = '', default: or } = mapOf(schema);
  const unless =
    or === undefined
      ? ''
      : ` <span class="or">unless given: <code>${text(JSON.stringify(or))}</code></span>`;
  const where = place ? `<span class="place">${place}</span>` : '';
  return `<tr><th scope="row"><code>${text(name)}</code>${needed ? '<i title="needed">*</i>' : ''}${where}</th><td><span class="type">${linked(schema)}</span></td><td>${prose(String(description))}${unless}</td></tr>`;
}

/** The type of a schema in a few words, with links to the shapes in it. */
function linked(schema: Json): string {
  const { $ref, enum: words, const: one, anyOf, type, items } = mapOf(schema);
  if (typeof $ref === 'string') {
    const name = $ref.slice($ref.lastIndexOf('/') + 1);
    return `<a href="#${name}">${name}</a>`;
  }
  if (Array.isArray(words))
    return words.map((word) => `<code>${text(String(word))}</code>`).join(' ');
  if (one !== undefined) return `<code>${text(String(one))}</code>`;
  if (Array.isArray(anyOf)) return anyOf.map(linked).join(' or ');
  if (type === 'array' && items !== undefined) return `list of ${linked(items)}`;
  return type === 'integer' ? 'whole number' : type === 'string' ? 'text' : String(type ?? 'map');
}

function nameOf(schema: Json): string | undefined {
  const { $ref } = mapOf(schema);
  return typeof $ref === 'string' ? $ref.slice($ref.lastIndexOf('/') + 1) : undefined;
}

function mapOf(value: Json): JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonMap)
    : {};
}

function placed(path: string): string {
  return text(path).replace(/\{(\w+)\}/g, '<em>{$1}</em>');
}

/** Words between backticks are code. */
function prose(words: string): string {
  return text(words).replace(/`([^`]+)`/g, '<code>$1</code>');
}

function text(words: string): string {
  return words
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
