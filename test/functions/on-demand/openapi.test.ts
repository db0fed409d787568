import { expect, test } from 'vitest';
import { ROUTES } from '../../../functions/on-demand/routes.ts';
import { Desk } from './desk.ts';

const desk = new Desk({ engine: { port: 9 } } as ConstructorParameters<typeof Desk>[0]);
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

// biome-ignore lint/suspicious/noExplicitAny: the document is looked at as whoever reads it does
type Any = any;

async function openapi(): Promise<Any> {
  const reply = await desk.ask('GET', '/openapi.json');
  expect(reply.headers['content-type']).toBe('application/json');
  return JSON.parse(reply.body);
}

function everyObject(value: Any, found: Any[] = []): Any[] {
  if (typeof value !== 'object' || value === null) return found;
  if (!Array.isArray(value)) found.push(value);
  for (const part of Object.values(value)) everyObject(part, found);
  return found;
}

test('the description is OpenAPI 3.1, as its own rules have it', async () => {
  const document = await openapi();
  expect(document.openapi).toBe('3.1.0');
  expect(document.info).toMatchObject({ title: expect.any(String), version: expect.any(String) });

  const ids = new Set<string>();
  for (const [path, operations] of Object.entries<Any>(document.paths)) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    for (const [method, operation] of Object.entries<Any>(operations)) {
      expect(METHODS).toContain(method);
      expect(ids.has(operation.operationId)).toBe(false);
      ids.add(operation.operationId);
      expect(operation.summary).toMatch(/./);
      const parameters: Any[] = operation.parameters;
      const named = parameters.filter((one) => one.in === 'path').map(({ name }) => name);
      expect(named.sort()).toEqual(inPath.sort());
      for (const parameter of parameters) {
        expect(['path', 'query', 'header']).toContain(parameter.in);
        expect(parameter.required).toBe(parameter.in === 'path' || parameter.name === 'url');
        expect(parameter.schema).toEqual(expect.any(Object));
      }
      for (const [status, response] of Object.entries<Any>(operation.responses)) {
        expect(status).toMatch(/^(?:[1-5]\d\d|default)$/);
        expect(response.description).toMatch(/./);
      }
      expect(operation.responses.default.content).toHaveProperty('application/problem+json');
      for (const requirement of operation.security) {
        for (const name of Object.keys(requirement)) {
          expect(document.components.securitySchemes).toHaveProperty(name);
        }
      }
    }
  }
});

test('every reference in it leads to a shape, and every shape is referred to', async () => {
  const document = await openapi();
  const names = Object.keys(document.components.schemas);
  const referred = everyObject(document).flatMap(({ $ref }) => ($ref === undefined ? [] : [$ref]));
  expect(new Set(referred)).toEqual(new Set(names.map((name) => `#/components/schemas/${name}`)));
  for (const name of names) expect(document.components.schemas[name].description).toMatch(/./);
});

test('it names every path that is answered, and nothing else is', async () => {
  const document = await openapi();
  const described = Object.entries<Any>(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(described).toEqual(ROUTES.map(({ method, path }) => `${method} ${path}`));
});

test('the page for people needs nothing from elsewhere, and runs nothing', async () => {
  const { headers, body } = await desk.ask('GET', '/');
  expect(headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': expect.stringContaining("default-src 'none'"),
  });
  expect(body).not.toMatch(/<script|<link|<img|@import|url\(|\son\w+=/i);
  const anchors = [...body.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
  for (const id of anchors) expect(body).toContain(`id="${id}"`);
  for (const { summary } of ROUTES) expect(body).toContain(summary);
});
