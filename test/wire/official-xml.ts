import { createRequire } from 'node:module';

interface OfficialXml {
  readonly xml2json: (xml: string) => unknown;
  readonly json2xml: (value: object) => string;
}

/** How the vendor's SDK reads and writes bodies: it is the other side of ours. */
const { xml2json, json2xml }: OfficialXml = createRequire(import.meta.url)(
  'cos-nodejs-sdk-v5/sdk/util.js',
);

export { json2xml, xml2json };
