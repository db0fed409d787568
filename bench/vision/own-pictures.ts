import sharp from 'sharp';

/** A picture made for the bench: what it shows, and how opaque its subject really is. */
export interface OwnPicture {
  readonly id: string;
  readonly kind: 'goods' | 'any';
  /** JPEG, as cameras and shops have them. */
  readonly input: Buffer;
  readonly width: number;
  readonly height: number;
  readonly truth: Uint8Array;
}

const WIDTH = 640;
const HEIGHT = 560;

/** Subjects, drawn around the middle of 640 x 560. */
const SUBJECTS: Readonly<Record<string, string>> = {
  shoe: `<path d="M150 340 q10-90 60-100 q40 30 90 30 q80 50 170 62 q40 10 38 48 l-352 0 z" fill="url(#a)"/>
    <path d="M146 380 h364 v22 q-180 12-364 0z" fill="#f4f1ea"/><path d="M290 262 l30 40 M315 275 l30 38 M340 288 l28 34" stroke="#fff" stroke-width="6"/>`,
  chair: `<g fill="none" stroke="#6b4423" stroke-width="14"><path d="M230 120 V470 M410 120 V470 M230 300 H440 M230 140 H410 M440 300 V480 M262 300 V500"/></g>
    <path d="M225 290 h200 l30 30 h-215z" fill="url(#b)"/><g stroke="#6b4423" stroke-width="7"><path d="M270 145 V290 M320 145 V290 M370 145 V290"/></g>`,
  comb: `<path d="M140 220 h360 v46 h-360z" fill="#2b2d42"/><g stroke="#2b2d42" stroke-width="6">${Array.from({ length: 30 }, (_, at) => `<path d="M${148 + at * 12} 260 v90"/>`).join('')}</g>`,
  ring: `<circle cx="320" cy="280" r="120" fill="none" stroke="url(#c)" stroke-width="34"/><path d="M290 130 l30-46 30 46-30 34z" fill="#d7f0ff" stroke="#8ab" stroke-width="3"/>`,
  plant: `<path d="M260 380 h120 l-16 110 h-88z" fill="url(#d)"/><g fill="#2f7d3b">${Array.from(
    { length: 13 },
    (_, at) => {
      const turn = -80 + at * 13.3;
      return `<path transform="rotate(${turn} 320 385)" d="M320 385 q-26-120 0-${190 + ((at * 37) % 60)} q26 ${70 + ((at * 37) % 60)} 0 ${190 + ((at * 37) % 60)}z" fill="${at % 2 ? '#3c9a4a' : '#2b6e36'}"/>`;
    },
  ).join('')}</g>`,
  bag: `<path d="M200 250 h240 l30 220 h-300z" fill="url(#a)"/><path d="M250 256 q0-130 70-130 t70 130" fill="none" stroke="#7a2434" stroke-width="12"/><rect x="290" y="320" width="60" height="40" rx="6" fill="#f6d77a"/>`,
  glasses: `<g fill="#1b1b1f" fill-rule="evenodd"><path d="M120 250 h400 v16 h-400z"/><path d="M140 250 a75 60 0 1 0 150 0z M156 262 a60 44 0 1 0 120 0z"/><path d="M350 250 a75 60 0 1 0 150 0z M366 262 a60 44 0 1 0 120 0z"/></g>`,
  tuft: `<ellipse cx="320" cy="300" rx="95" ry="85" fill="#7d4f2a"/><g stroke-width="2">${Array.from(
    { length: 420 },
    (_, at) => {
      const turn = at * 2.39996;
      const long = 105 + ((at * 53) % 60);
      const bend = turn + (((at * 17) % 9) - 4) / 30;
      return `<path d="M${(320 + 70 * Math.cos(turn)).toFixed(1)} ${(300 + 62 * Math.sin(turn)).toFixed(1)} L${(320 + long * Math.cos(bend)).toFixed(1)} ${(300 + long * 0.9 * Math.sin(bend)).toFixed(1)}" stroke="${['#8a5a30', '#6d4423', '#9c6a3c'][at % 3]}"/>`;
    },
  ).join(
    '',
  )}</g><circle cx="290" cy="280" r="11" fill="#111"/><circle cx="350" cy="280" r="11" fill="#111"/>`,
  shirt: `<path d="M230 130 q90 50 180 0 l110 70-46 84-44-24 v230 h-220 v-230 l-44 24-46-84z" fill="url(#e)"/><path d="M230 130 q90 50 180 0" fill="none" stroke="#c9c9d4" stroke-width="7"/>`,
  lamp: `<path d="M240 150 h160 l50 130 h-260z" fill="#f0c869"/><rect x="312" y="280" width="16" height="170" fill="#8d8d93"/><ellipse cx="320" cy="462" rx="86" ry="20" fill="#77777e"/>`,
};

/** Plain grounds, some lit unevenly; a shadow where there is one lies below the subject. */
const GROUNDS: Readonly<Record<string, string>> = {
  white: '<rect width="640" height="560" fill="#ffffff"/>',
  grey: '<rect width="640" height="560" fill="url(#grey)"/>',
  beige: '<rect width="640" height="560" fill="url(#beige)"/>',
  navy: '<rect width="640" height="560" fill="url(#navy)"/>',
  mint: '<rect width="640" height="560" fill="#bfe3d0"/>',
  leaves:
    '<rect width="640" height="560" fill="#4c7a3a"/><rect width="640" height="560" filter="url(#leaves)"/>',
  stone:
    '<rect width="640" height="560" fill="#8c8880"/><rect width="640" height="560" filter="url(#stone)"/>',
  room: `<rect width="640" height="380" fill="#d9d2c4"/><rect y="380" width="640" height="180" fill="#8a6240"/><rect y="380" width="640" height="180" filter="url(#wood)"/>
    <rect x="60" y="60" width="130" height="170" fill="#9ab7c9" stroke="#fff" stroke-width="10"/><rect x="500" y="90" width="90" height="120" fill="#b7795a"/>`,
  lights: `<rect width="640" height="560" fill="#1d2233"/>${Array.from({ length: 26 }, (_, at) => `<circle cx="${(at * 197) % 640}" cy="${(at * 131) % 560}" r="${18 + ((at * 29) % 30)}" fill="${['#f2b155', '#d9674f', '#6fa3d8', '#e9dfa2'][at % 4]}" opacity="0.45" filter="url(#soft)"/>`).join('')}`,
  shore:
    '<rect width="640" height="250" fill="url(#sky)"/><rect y="250" width="640" height="90" fill="#3d7fa0"/><rect y="340" width="640" height="220" fill="#d8c08f"/><rect y="340" width="640" height="220" filter="url(#sand)"/>',
};

const DEFINED = `<defs>
  <linearGradient id="a" x2="1" y2="1"><stop stop-color="#c8475b"/><stop offset="1" stop-color="#7a2434"/></linearGradient>
  <linearGradient id="b" x2="1"><stop stop-color="#a06a3a"/><stop offset="1" stop-color="#7c4f28"/></linearGradient>
  <linearGradient id="c" x2="1" y2="1"><stop stop-color="#fff3c4"/><stop offset="0.5" stop-color="#c9982f"/><stop offset="1" stop-color="#f7e3a0"/></linearGradient>
  <linearGradient id="d" x2="1"><stop stop-color="#cf7a50"/><stop offset="1" stop-color="#93492a"/></linearGradient>
  <linearGradient id="e" x2="1" y2="1"><stop stop-color="#5878b8"/><stop offset="1" stop-color="#34497c"/></linearGradient>
  <radialGradient id="grey"><stop stop-color="#f2f2f3"/><stop offset="1" stop-color="#cfd0d4"/></radialGradient>
  <linearGradient id="beige" y2="1"><stop stop-color="#efe2cc"/><stop offset="1" stop-color="#d8c4a4"/></linearGradient>
  <radialGradient id="navy"><stop stop-color="#3a4a6b"/><stop offset="1" stop-color="#1c2538"/></radialGradient>
  <linearGradient id="sky" x2="0" y2="1"><stop stop-color="#7fb4dd"/><stop offset="1" stop-color="#e4eef5"/></linearGradient>
  ${texture('leaves', 0.05, '#26471c')}${texture('stone', 0.09, '#55524b')}${texture('wood', 0.03, '#5a3a1e')}${texture('sand', 0.4, '#a88f5e')}
  <filter id="soft"><feGaussianBlur stdDeviation="5"/></filter>
  <filter id="shade" x="-50%" y="-50%" width="200%" height="200%"><feGaussianBlur stdDeviation="14"/></filter>
</defs>`;

function texture(id: string, scale: number, colour: string): string {
  return `<filter id="${id}"><feTurbulence type="fractalNoise" baseFrequency="${scale}" numOctaves="4" seed="4"/>
    <feColorMatrix values="0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 2.4 -0.8"/><feComposite operator="in" in2="SourceGraphic"/>
    <feFlood flood-color="${colour}" result="ink"/><feTurbulence type="fractalNoise" baseFrequency="${scale}" numOctaves="4" seed="4"/>
    <feColorMatrix values="0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1.6 0 0 0 -0.45" result="where"/><feComposite operator="in" in="ink" in2="where"/></filter>`;
}

const SCENES: readonly (readonly [subject: string, ground: string, shadow: boolean])[] = [
  ['shoe', 'white', true],
  ['chair', 'grey', true],
  ['comb', 'white', false],
  ['ring', 'navy', false],
  ['plant', 'beige', true],
  ['bag', 'mint', true],
  ['glasses', 'grey', false],
  ['tuft', 'beige', false],
  ['shirt', 'white', false],
  ['lamp', 'grey', true],
  ['shoe', 'stone', false],
  ['bag', 'leaves', false],
  ['tuft', 'leaves', false],
  ['shirt', 'room', false],
  ['plant', 'room', false],
  ['lamp', 'lights', false],
  ['bag', 'shore', false],
  ['shoe', 'shore', false],
  ['tuft', 'lights', false],
  ['chair', 'room', false],
];
const PLAIN = ['white', 'grey', 'beige', 'navy', 'mint'];

export async function ownPictures(): Promise<readonly OwnPicture[]> {
  const pictures: OwnPicture[] = [];
  for (const [at, [subject, ground, shadow]] of SCENES.entries()) {
    const drawn = SUBJECTS[subject] ?? '';
    const front = await rendered(drawn);
    const shade = shadow
      ? '<ellipse cx="330" cy="470" rx="190" ry="26" fill="#000" opacity="0.35" filter="url(#shade)"/>'
      : '';
    const back = await rendered(`${GROUNDS[ground] ?? ''}${shade}`);
    const truth = new Uint8Array(WIDTH * HEIGHT);
    for (let pixel = 0; pixel < truth.length; pixel++) truth[pixel] = front[pixel * 4 + 3] ?? 0;
    const noisy = await sharp(back, { raw: { width: WIDTH, height: HEIGHT, channels: 4 } })
      .composite([{ input: front, raw: { width: WIDTH, height: HEIGHT, channels: 4 } }])
      .removeAlpha()
      .raw()
      .toBuffer();
    addNoise(noisy, at + 1);
    const input = await sharp(noisy, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
      .jpeg({ quality: 88 })
      .toBuffer();
    const kind = PLAIN.includes(ground) ? 'goods' : 'any';
    pictures.push({ id: `${subject}-${ground}`, kind, input, width: WIDTH, height: HEIGHT, truth });
  }
  return pictures;
}

function rendered(content: string): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">${DEFINED}${content}</svg>`;
  return sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer();
}

/** As of a camera in good light, the same each time. */
function addNoise(pixels: Buffer, seed: number): void {
  let state = seed * 7919;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  for (let at = 0; at < pixels.length; at++) {
    const noise = (random() + random() + random()) * 3;
    pixels[at] = Math.max(0, Math.min(255, (pixels[at] ?? 0) + Math.round(noise)));
  }
}
