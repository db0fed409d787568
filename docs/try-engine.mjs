// Puts an object into the engine and gets it back, with the SDK that programs use for the real COS.
import COS from 'cos-nodejs-sdk-v5';

const { TENCENTCLOUD_SECRETID, TENCENTCLOUD_SECRETKEY, HTTP_PROXY } = process.env;
const cos = new COS({
  SecretId: TENCENTCLOUD_SECRETID,
  SecretKey: TENCENTCLOUD_SECRETKEY,
  Protocol: 'http:',
  Proxy: HTTP_PROXY ?? 'http://127.0.0.1:9000',
});
const object = { Bucket: 'darkroom-1250000000', Region: 'ap-guangzhou', Key: 'incoming/hello.txt' };

const put = await cos.putObject({ ...object, Body: 'Hello, darkroom!' });
console.log(`put  ${object.Key}, ETag ${put.ETag}`);
const got = await cos.getObject(object);
console.log(`got  ${got.Body}`);
const { Bucket, Region } = object;
const { Contents } = await cos.getBucket({ Bucket, Region });
for (const { Key, Size } of Contents) console.log(`list ${Key}, ${Size} bytes`);
