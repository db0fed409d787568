import fc from 'fast-check';
import { expect, test } from 'vitest';

import {
  type CorsConfiguration,
  type CorsRule,
  readCorsConfiguration,
  writeCorsConfiguration,
} from '../../shared/wire/cors-configuration.ts';
import { json2xml, xml2json } from './official-xml.ts';
import { anyName, describeFormat, plainName } from './wire-format.ts';

const rule: CorsRule = {
  id: 'page',
  allowedOrigins: ['http://localhost:8080', 'https://*.example.com'],
  allowedMethods: ['GET', 'PUT'],
  allowedHeaders: ['*'],
  exposeHeaders: ['ETag', 'x-cos-request-id'],
  maxAgeSeconds: 600,
};

const list = fc.array(plainName, { maxLength: 3 });

describeFormat<CorsConfiguration>({
  root: 'CORSConfiguration',
  read: readCorsConfiguration,
  write: writeCorsConfiguration,
  examples: [
    [
      'one rule with everything',
      { rules: [rule], responseVary: true },
      '<CORSConfiguration><CORSRule><ID>page</ID>' +
        '<AllowedOrigin>http://localhost:8080</AllowedOrigin>' +
        '<AllowedOrigin>https://*.example.com</AllowedOrigin>' +
        '<AllowedMethod>GET</AllowedMethod><AllowedMethod>PUT</AllowedMethod>' +
        '<AllowedHeader>*</AllowedHeader><ExposeHeader>ETag</ExposeHeader>' +
        '<ExposeHeader>x-cos-request-id</ExposeHeader><MaxAgeSeconds>600</MaxAgeSeconds>' +
        '</CORSRule><ResponseVary>true</ResponseVary></CORSConfiguration>',
    ],
    ['no rule', { rules: [] }, '<CORSConfiguration/>'],
  ],
  values: fc.record(
    {
      rules: fc.array(
        fc.record(
          {
            id: anyName,
            allowedOrigins: list,
            allowedMethods: list,
            allowedHeaders: list,
            exposeHeaders: list,
            maxAgeSeconds: fc.nat(),
          },
          {
            requiredKeys: ['allowedOrigins', 'allowedMethods', 'allowedHeaders', 'exposeHeaders'],
          },
        ),
        { maxLength: 3 },
      ),
      responseVary: fc.boolean(),
    },
    { requiredKeys: ['rules'] },
  ),
});

test('the official SDK writes what we read, and reads what we write', () => {
  const CORSRule = {
    AllowedOrigin: ['*'],
    AllowedMethod: ['GET', 'PUT'],
    AllowedHeader: ['*'],
    ExposeHeader: [],
    MaxAgeSeconds: 5,
  };
  const configuration = readCorsConfiguration(
    json2xml({ CORSConfiguration: { CORSRule: [CORSRule], ResponseVary: 'true' } }),
  );

  expect(configuration).toEqual({
    rules: [
      {
        allowedOrigins: ['*'],
        allowedMethods: ['GET', 'PUT'],
        allowedHeaders: ['*'],
        exposeHeaders: [],
        maxAgeSeconds: 5,
      },
    ],
    responseVary: true,
  });
  expect(xml2json(writeCorsConfiguration(configuration))).toMatchObject({
    CORSConfiguration: { CORSRule: { AllowedMethod: ['GET', 'PUT'], MaxAgeSeconds: '5' } },
  });
});

test('an empty element is no origin, no header and no age', () => {
  const body =
    '<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET' +
    '</AllowedMethod><ExposeHeader/><AllowedHeader> </AllowedHeader><MaxAgeSeconds/></CORSRule>' +
    '</CORSConfiguration>';

  expect(readCorsConfiguration(body).rules).toEqual([
    { allowedOrigins: ['*'], allowedMethods: ['GET'], allowedHeaders: [], exposeHeaders: [] },
  ]);
});
