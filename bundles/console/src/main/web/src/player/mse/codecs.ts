// SPDX-License-Identifier: Apache-2.0

export interface PlayableType {
  mime: string;
  /** Whether the sound has to be left out because the browser does not know its codec. */
  videoOnly: boolean;
}

const VIDEO = /^(avc[13]|hvc1|hev1|av01|vp09|vp08|mp4v)/i;

/** The picture's among the codecs of a stream. */
export const pictureCodec = (codecs: string): string | undefined =>
  codecs
    .split(',')
    .map((codec) => codec.trim())
    .find((codec) => VIDEO.test(codec));

export type TypeCheck = (mime: string) => boolean;

const browserCheck: TypeCheck = (mime) => 'MediaSource' in globalThis && MediaSource.isTypeSupported(mime);

/** What to give to `addSourceBuffer`, or nothing if the browser cannot show the video at all. */
export function playableType(codecs: string, supported: TypeCheck = browserCheck): PlayableType | undefined {
  const all = codecs
    .split(',')
    .map((codec) => codec.trim())
    .filter(Boolean);
  const whole = `video/mp4; codecs="${all.join(',')}"`;
  if (all.some((codec) => VIDEO.test(codec)) && supported(whole)) {
    return { mime: whole, videoOnly: false };
  }
  const video = all.filter((codec) => VIDEO.test(codec));
  const picture = `video/mp4; codecs="${video.join(',')}"`;
  return video.length > 0 && supported(picture) ? { mime: picture, videoOnly: true } : undefined;
}

/** `avc1.640028` as people say it. */
export function codecName(codecs: string | undefined): string {
  const first = codecs?.split(',')[0]?.trim() ?? '';
  if (/^avc/i.test(first)) {
    return 'H.264';
  }
  if (/^(hvc|hev)/i.test(first)) {
    return 'H.265';
  }
  if (/^av01/i.test(first)) {
    return 'AV1';
  }
  if (/^vp0?9/i.test(first)) {
    return 'VP9';
  }
  return first;
}

/** The same type without its sound. */
export function pictureOnly(mime: string): string {
  const codecs = /codecs="([^"]*)"/.exec(mime)?.[1] ?? '';
  const video = codecs.split(',').filter((codec) => VIDEO.test(codec.trim()));
  return `video/mp4; codecs="${video.join(',')}"`;
}

/** What to give to `addSourceBuffer` for the sound alone, if there is some that the browser knows. */
export function soundType(codecs: string, supported: TypeCheck = browserCheck): string | undefined {
  const sound = codecs
    .split(',')
    .map((codec) => codec.trim())
    .find((codec) => codec !== '' && !VIDEO.test(codec));
  const mime = `audio/mp4; codecs="${sound}"`;
  return sound !== undefined && supported(mime) ? mime : undefined;
}
