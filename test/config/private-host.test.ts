import { expect, test } from 'vitest';
import { isPrivateHost } from '../../shared/config/private-host.ts';

test.for([
  '10.1.2.3',
  '127.0.0.1',
  '127.1',
  '0x7f.1',
  '2130706433',
  '0177.0.0.1',
  '169.254.0.23',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.0.1',
  '100.64.0.1',
  '100.127.255.255',
  '0.0.0.0',
  '255.255.255.255',
  'localhost',
  'LOCALHOST.',
  'printer',
  'db.internal',
  'metadata.tencentyun.com',
  '[::1]',
  '[::]',
  '[fd12::1]',
  '[fe80::1]',
  '[::ffff:10.0.0.1]',
  '[64:ff9b::10.0.0.1]',
  'localhost:8080',
])('%s is private', (host) => {
  expect(isPrivateHost(host)).toBe(true);
});

test.for([
  '11.0.0.1',
  '172.32.0.1',
  '100.128.0.1',
  '8.8.8.8',
  '[2001:db8::1]',
  '[::ffff:8.8.8.8]',
  'img.example.com',
  'localhost.example.com',
  'studio-1300001234.cos.ap-guangzhou.myqcloud.com',
])('%s is public', (host) => {
  expect(isPrivateHost(host)).toBe(false);
});
