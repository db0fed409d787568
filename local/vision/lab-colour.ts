/** sRGB of 0 to 255 as CIE L*a*b* (D65). For many pixels at once there is `matting/lab.ts`. */
export function labOfColour(red: number, green: number, blue: number): [number, number, number] {
  const [r, g, b] = [linear(red), linear(green), linear(blue)];
  const x = root((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
  const y = root(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
  const z = root((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** And back, as bytes. */
export function rgbOfLab(light: number, a: number, b: number): [number, number, number] {
  const y = (light + 16) / 116;
  const x = cube(y + a / 500) * 0.95047;
  const z = cube(y - b / 200) * 1.08883;
  const whole = cube(y);
  return [
    shown(3.2404542 * x - 1.5371385 * whole - 0.4985314 * z),
    shown(-0.969266 * x + 1.8760108 * whole + 0.041556 * z),
    shown(0.0556434 * x - 0.2040259 * whole + 1.0572252 * z),
  ];
}

const LINEAR = Float64Array.from({ length: 256 }, (_, at) =>
  at <= 10 ? at / 255 / 12.92 : ((at / 255 + 0.055) / 1.055) ** 2.4,
);

function linear(value: number): number {
  return LINEAR[Math.max(0, Math.min(Math.round(value), 255))] ?? 0;
}

function root(value: number): number {
  return value > 216 / 24389 ? Math.cbrt(value) : ((value * 24389) / 27 + 16) / 116;
}

function cube(value: number): number {
  return value > 6 / 29 ? value ** 3 : ((116 * value - 16) * 27) / 24389;
}

function shown(light: number): number {
  const clipped = Math.max(0, Math.min(light, 1));
  const value = clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055;
  return Math.round(value * 255);
}
