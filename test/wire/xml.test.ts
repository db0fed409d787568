import fc from 'fast-check';
import { XMLParser } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';

import { Fault } from '../../shared/core/fault.ts';
import { readXml, writeXml, type XmlContent, type XmlEntry } from '../../shared/wire/xml.ts';
import type { XmlNode } from '../../shared/wire/xml-node.ts';

const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown.code;
    throw thrown;
  }
  return 'no fault';
};

describe('what is read', () => {
  test('a missing element, an empty one and a filled one are three things', () => {
    const root = readXml('<R><Marker/><Prefix></Prefix><Name>a</Name></R>');

    expect(['Marker', 'Prefix', 'Name', 'NextMarker'].map((name) => root.text(name))).toEqual([
      '',
      '',
      'a',
      undefined,
    ]);
  });

  test('one element and many are both a list', () => {
    const keys = (xml: string) =>
      readXml(xml)
        .children('Object')
        .map((object) => object.required('Key'));

    expect(keys('<Delete/>')).toEqual([]);
    expect(keys('<Delete><Object><Key>a</Key></Object></Delete>')).toEqual(['a']);
    expect(
      keys('<Delete><Object><Key>a</Key></Object><Object><Key>b</Key></Object></Delete>'),
    ).toEqual(['a', 'b']);
  });

  test.for([
    ['text is never a number', '<R>007</R>', '007'],
    ['nor a boolean', '<R>true</R>', 'true'],
    ['spaces at both ends stay', '<R>  a b  </R>', '  a b  '],
    ['a text of spaces stays', '<R> </R>', ' '],
    ['the five names mean their characters', '<R>&amp;&lt;&gt;&quot;&apos;</R>', '&<>"\''],
    ['numbers mean their characters', '<R>&#13;&#x1F600;&#65;</R>', '\r😀A'],
    ['what is escaped twice is unescaped once', '<R>&amp;amp;</R>', '&amp;'],
    ['CDATA is text as it stands', '<R>a<![CDATA[<b>&amp;]]>c</R>', 'a<b>&amp;c'],
    ['a comment is not text', '<R>a<!-- <b> -->c</R>', 'ac'],
    ['attributes are not looked at', '<R xmlns="http://x/" a=\'1>2\' b="/">v</R>', 'v'],
    ['nor are namespaces', '<q:R xmlns:q="http://x/">v</q:R>', 'v'],
    ['white space may come first', " \n <?xml version='1.0' encoding='utf-8' ?>\n<R>v</R>\n", 'v'],
    ['a byte order mark may come first', '\uFEFF<?xml version="1.0"?><R>v</R>', 'v'],
    ['a line may end in two characters', '<R>a\r\nb</R>', 'a\nb'],
  ] as const)('%s', ([, xml, text]) => {
    expect(readXml(xml, { root: 'R' }).value).toBe(text);
    expect(readXml(new TextEncoder().encode(xml)).value).toBe(text);
  });

  test('numbers and flags are read where they are asked for', () => {
    const root = readXml('<R><Size> 37 </Size><Quality/><Quiet>TRUE</Quiet><Bad>1e3</Bad></R>');

    expect([root.number('Size'), root.number('Quality'), root.number('Width')]).toEqual([
      37,
      undefined,
      undefined,
    ]);
    expect([root.flag('Quiet'), root.flag('Quality')]).toEqual([true, undefined]);
    expect(codeOf(() => root.number('Bad'))).toBe('XML_UNREADABLE');
    expect(codeOf(() => root.flag('Bad'))).toBe('XML_UNREADABLE');
  });

  test('an element that should be alone and is not is refused', () => {
    const root = readXml('<R><Key>a</Key><Key>b</Key><Box><In/></Box></R>');

    expect(codeOf(() => root.text('Key'))).toBe('XML_UNREADABLE');
    expect(codeOf(() => root.text('Box'))).toBe('XML_UNREADABLE');
    expect(codeOf(() => root.required('Name'))).toBe('XML_UNREADABLE');
  });

  test('a root with another name is refused and both are named', () => {
    expect(() => readXml('<Error/>', { root: 'UploadResult' })).toThrow(
      'The root of the XML is <Error>, not <UploadResult>',
    );
  });
});

test('a parser of another make finds the same elements and texts', () => {
  const judge = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: true,
    removeNSPrefix: true,
    parseTagValue: false,
    trimValues: false,
  });
  const judged = (parts: readonly Record<string, unknown>[]): unknown => {
    const elements = parts.filter((part) => !('#text' in part));
    if (elements.length === 0) return parts.map((part) => String(part['#text'])).join('');
    return elements.map((part) => {
      const [[name, inside] = ['', []]] = Object.entries(part);
      return [name, judged(inside as Record<string, unknown>[])];
    });
  };
  const pieces = fc.constantFrom(
    ...[
      '<a>',
      '</a>',
      '<b x="1>2">',
      '</b>',
      '<n:c/>',
      'text',
      ' ',
      '\r\n',
      '&lt;&amp;',
      '<!-- x -->',
    ],
  );
  let read = 0;
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (inside) => {
      const xml = `<Root>${inside.join('')}</Root>`;
      if (codeOf(() => readXml(xml)) !== 'no fault') return;
      read += 1;
      expect([['Root', contentOf(readXml(xml))]]).toEqual(judged(judge.parse(xml)));
    }),
    { numRuns: 3000, seed: 7 },
  );
  expect(read).toBeGreaterThan(100);
});

describe('what is refused', () => {
  test.for([
    ['nothing', ''],
    ['text', 'hello'],
    ['JSON', '{"a":1}'],
    ['text before the root', 'x<R/>'],
    ['text after the root', '<R/>x'],
    ['CDATA outside the root', '<R/><![CDATA[ ]]>'],
    ['two roots', '<R/><R/>'],
    ['a tag that is not closed', '<R><a></R>'],
    ['a tag closed by another', '<R><a></b></R>'],
    ['a tag closed too often', '<R></R></R>'],
    ['a tag closed by a prefix of another', '<q:R></R>'],
    ['a tag that does not end', '<R'],
    ['an end that does not end', '<R></R'],
    ['a quote that does not end', '<R a="></R>'],
    ['a tag in a tag', '<R <a></R>'],
    ['a tag without a name', '<R><></></R>'],
    ['a name of two parts', '<R/a></R/a>'],
    ['a comment that does not end', '<R><!-- </R>'],
    ['CDATA that does not end', '<R><![CDATA[ </R>'],
    ['a processing instruction', '<R><?php echo ?></R>'],
    ['a second declaration', '<?xml version="1.0"?><?xml version="1.0"?><R/>'],
    ['a DOCTYPE', '<!DOCTYPE R><R/>'],
    ['a DOCTYPE in lower case', '<!doctype R><R/>'],
    ['an entity of its own', '<R>&bomb;</R>'],
    ['an entity of HTML', '<R>&nbsp;</R>'],
    ['a bare ampersand', '<R>a & b</R>'],
    ['the number of a control character', '<R>&#0;</R>'],
    ['the number of half a character', '<R>&#xD800;</R>'],
    ['a number beyond all characters', '<R>&#x110000;</R>'],
    ['NUL', '<R>a\0b</R>'],
    ['a control character', '<R>\u0008</R>'],
    ['a lone surrogate', '<R>\uD800</R>'],
    ['U+FFFF', '<R>\uFFFF</R>'],
    ['an element called __proto__', '<R><__proto__>x</__proto__></R>'],
    ['an element called constructor', '<R><constructor><prototype/></constructor></R>'],
  ] as const)('%s', ([, xml]) => {
    expect(codeOf(() => readXml(xml).value)).toBe('XML_UNREADABLE');
  });

  test('an external or nested entity is refused with its DOCTYPE, and nothing expands', () => {
    const bomb =
      '<!DOCTYPE z [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><z>&b;&b;&b;</z>';
    const file = '<!DOCTYPE z [<!ENTITY a SYSTEM "file:///etc/passwd">]><z>&a;</z>';

    expect(() => readXml(bomb)).toThrow('A DOCTYPE is refused');
    expect(() => readXml(file)).toThrow('A DOCTYPE is refused');
  });

  test('bytes that are not UTF-8 are refused', () => {
    expect(codeOf(() => readXml(Uint8Array.of(0x3c, 0x52, 0xff, 0x2f, 0x3e)))).toBe(
      'XML_UNREADABLE',
    );
  });

  const MB = 1024 * 1024;
  test.for([
    ['ten megabytes of <a>', '<a>'.repeat((10 * MB) / 3), 'INPUT_TOO_LARGE'],
    ['seven megabytes of <a>', '<a>'.repeat((7 * MB) / 3), 'INPUT_TOO_LARGE'],
    ['a million elements', `<a>${'<b/>'.repeat(MB)}</a>`, 'INPUT_TOO_LARGE'],
    ['thirty-three levels', `${'<a>'.repeat(33)}${'</a>'.repeat(33)}`, 'INPUT_TOO_LARGE'],
    ['a text of seven megabytes', `<a>${'x'.repeat(7 * MB)}</a>`, 'INPUT_TOO_LARGE'],
    [
      'the same in pieces',
      `<a>${`${'x'.repeat(1000)}<!---->`.repeat(7000)}</a>`,
      'INPUT_TOO_LARGE',
    ],
    ['half a million of CDATA', `<a>${'<![CDATA[]]>'.repeat(MB / 2)}</a>`, 'INPUT_TOO_LARGE'],
    ['CDATA of seven megabytes', `<a><![CDATA[${'x'.repeat(7 * MB)}]]></a>`, 'INPUT_TOO_LARGE'],
    ['a tag of seven megabytes', `<a ${' '.repeat(7 * MB)}></a>`, 'XML_UNREADABLE'],
    ['a name of seven megabytes', `<${'a'.repeat(7 * MB)}/>`, 'XML_UNREADABLE'],
    ['an attribute of seven megabytes', `<a b="${'x'.repeat(7 * MB)}"/>`, 'XML_UNREADABLE'],
    ['seven megabytes of <', '<'.repeat(7 * MB), 'XML_UNREADABLE'],
    ['two hundred thousand &', `<a>${'&'.repeat(200_000)}</a>`, 'XML_UNREADABLE'],
    ['seven megabytes of <!--', '<!--'.repeat((7 * MB) / 4), 'XML_UNREADABLE'],
    ['seven megabytes of </', '</'.repeat((7 * MB) / 2), 'XML_UNREADABLE'],
    ['seven megabytes of white space', ' '.repeat(7 * MB), 'XML_UNREADABLE'],
  ] as const)('%s', { timeout: 5000 }, ([, xml, code]) => {
    expect(codeOf(() => readXml(xml).value)).toBe(code);
  });

  test('a caller may read less', () => {
    expect(codeOf(() => readXml('<R>abc</R>', { maxLength: 9 }))).toBe('INPUT_TOO_LARGE');
  });

  test('whatever is thrown at it, it answers with an element or a fault', () => {
    const pieces = fc.constantFrom(
      ...['<', '>', '/', '<a>', '</a>', '<b/>', '<!--', '-->', '<![CDATA[', ']]>', '<?', '?>'],
      ...['&', '&amp;', '&#1;', ';', '"', "'", '=', ' ', '\n', '\0', '\uD83D', 'x', ':', '<x:a>'],
      ...['<__proto__>', '</__proto__>', '<toString/>', '<!DOCTYPE a>', '#text', '<#text/>'],
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), fc.boolean(), (soup, wrapped) => {
        const text = soup.join('');
        const outcome = codeOf(() => readXml(wrapped ? `<r>${text}</r>` : text).elements);
        expect(['no fault', 'XML_UNREADABLE']).toContain(outcome);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('what is written', () => {
  test('a document starts as the service starts it, and leaves out what is undefined', () => {
    const entries: XmlEntry[] = [
      ['Key', 'a&b'],
      ['ETag', '"5eb6"'],
      ['Size', 0],
      ['Width', undefined],
      ['Marker', ''],
      ['IsTruncated', false],
      ['Owner', [['ID', '1']]],
      ['TagSet', []],
    ];

    expect(writeXml('R', entries)).toBe(
      "<?xml version='1.0' encoding='utf-8' ?>\n" +
        '<R><Key>a&amp;b</Key><ETag>&quot;5eb6&quot;</ETag><Size>0</Size><Marker/>' +
        '<IsTruncated>false</IsTruncated><Owner><ID>1</ID></Owner><TagSet/></R>',
    );
  });

  test.for([
    ['NUL', 'a\0'],
    ['a control character', '\u001b'],
    ['a lone surrogate', 'a\uDC00'],
    ['U+FFFE', '\uFFFE'],
    ['a number that is none', Number.NaN],
  ] as const)('%s cannot be written, and is not written as something else', ([, value]) => {
    expect(codeOf(() => writeXml('R', [['Key', value]]))).toBe('XML_UNWRITABLE');
  });

  test('what is no name cannot name an element', () => {
    expect(codeOf(() => writeXml('R', [['a><b', 'x']]))).toBe('XML_UNWRITABLE');
    expect(codeOf(() => writeXml('R', [['__proto__', 'x']]))).toBe('XML_UNWRITABLE');
  });

  test('whatever is written is read back, to the last space', () => {
    const legal = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;
    const text = fc
      .oneof(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: fc.constantFrom(...' \t\r\n&<>"\'];#x1') }),
      )
      .filter((value) => legal.test(value));
    const name = fc.oneof(
      fc.stringMatching(/^[A-Za-z_][\w.-]{0,8}$/),
      fc.constantFrom('prototype', 'constructor'),
    );
    const { content } = fc.letrec<{ content: XmlContent; entries: XmlEntry[] }>((tie) => ({
      content: fc.oneof({ depthSize: 'small' }, text, tie('entries')),
      entries: fc.array(fc.tuple(name, tie('content')), { maxLength: 5 }),
    }));

    fc.assert(
      fc.property(fc.array(fc.tuple(name, content), { maxLength: 5 }), (entries) => {
        expect(contentOf(readXml(writeXml('Root', entries), { root: 'Root' }))).toEqual(
          comparable(entries),
        );
      }),
      { numRuns: 300 },
    );
  });
});

function contentOf(node: XmlNode): unknown {
  if (node.elements.length === 0) return node.value;
  return node.elements.map((element) => [element.name, contentOf(element)]);
}

/** An empty list and an empty text are the same document. */
function comparable(content: XmlContent | readonly XmlEntry[] | undefined): unknown {
  if (typeof content !== 'object') return content;
  if (content.length === 0) return '';
  return content.map(([name, inside]) => [name, comparable(inside)]);
}
