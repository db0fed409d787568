import { expect, test } from 'vitest';
import { allowedPicture } from '../../../functions/on-demand/allowed-picture.ts';

const SOURCES = ['img.example.com', '*.cdn.example.com'];

test.for([
  ['https://img.example.com/a.jpg', 'https://img.example.com/a.jpg'],
  ['HTTPS://IMG.Example.com./a.jpg#x', 'https://img.example.com/a.jpg'],
  ['http://img.example.com:80/a/../b.jpg', 'http://img.example.com/b.jpg'],
  ['https://eu.cdn.example.com/%E7%8C%AB.jpg?w=1', 'https://eu.cdn.example.com/%E7%8C%AB.jpg?w=1'],
] as const)('%s is told to the service as %s', ([address, told]) => {
  expect(allowedPicture(address, SOURCES)).toBe(told);
});

test.for([
  '',
  'in/mug.jpg',
  '//img.example.com/a.jpg',
  'ftp://img.example.com/a.jpg',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'https%3A%2F%2Fimg.example.com%2Fa.jpg',
  'https://other.example.com/a.jpg',
  'https://cdn.example.com/a.jpg',
  'https://img.example.com.evil.net/a.jpg',
  'https://evilimg.example.com/a.jpg',
  'https://xcdn.example.com/a.jpg',
  'https://img.example.com@evil.net/a.jpg',
  'https://user:password@img.example.com/a.jpg',
  'https://evil.net\\@img.example.com/a.jpg',
  'https://evil.net#@img.example.com/a.jpg',
  'https://evil.net?@img.example.com/a.jpg',
  'https://img.example.com:8080/a.jpg',
  'https://127.0.0.1/a.jpg',
  'https://2130706433/a.jpg',
  'https://0x7f.1/a.jpg',
  'https://[::1]/a.jpg',
  'https://169.254.169.254/latest/meta-data',
  'https://metadata.tencentyun.com/latest',
  'https://localhost/a.jpg',
  `https://img.example.com/${'a'.repeat(3000)}`,
] as const)('%s is told to nobody', (address) => {
  expect(() => allowedPicture(address, SOURCES)).toThrow();
});

test('a private host stays private, whatever the rules allow', () => {
  for (const host of ['127.0.0.1', 'localhost', '[fd00::1]', 'db.internal']) {
    expect(() => allowedPicture(`http://${host}/a.jpg`, [host])).toThrow('private');
  }
});
