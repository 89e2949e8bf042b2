// SPDX-License-Identifier: Apache-2.0
// How a camera encodes its streams. What it has afterwards need not be what was asked for: it says so itself.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getJson, sendJson } from './client';
import type { Page } from './types';

export interface Resolution {
  width: number;
  height: number;
}

export interface NumberRange {
  min: number;
  max: number;
}

/** What the camera does not tell is left out. */
export interface EncoderSettings {
  codec: 'h264' | 'hevc' | 'mjpeg' | string;
  resolution: Resolution;
  /** Most pictures a second. */
  frameRate?: number;
  bitrateKbps?: number;
  constantBitrate?: boolean;
  /** On the camera's own scale. */
  quality?: number;
  /** In pictures. */
  keyFrameInterval?: number;
  profile?: string;
}

/** What is left out or empty cannot be set. */
export interface EncoderOptions {
  codec: EncoderSettings['codec'];
  resolutions: Resolution[];
  frameRate?: NumberRange;
  /** Where there are some it takes only those. */
  frameRates: number[];
  bitrateKbps?: NumberRange;
  constantBitrate: boolean;
  quality?: NumberRange;
  keyFrameInterval?: NumberRange;
  profiles: string[];
}

export interface VideoEncoder {
  token: string;
  name: string;
  streams: string[];
  settings: EncoderSettings;
  options: EncoderOptions[];
}

export interface EncoderChange {
  settings: EncoderSettings;
  /** Where the camera is otherwise than asked, or than it was. */
  differences: { field: string; wanted: string; got: string }[];
}

const at = (cameraId: string, behind = '') =>
  `/api/v1/cameras/${encodeURIComponent(cameraId)}/encoders${behind}`;
const key = (cameraId: string) => ['control', cameraId, 'encoders'];

export function useEncoders(cameraId: string) {
  return useQuery({
    queryKey: key(cameraId),
    queryFn: ({ signal }) => getJson<Page<VideoEncoder>>(at(cameraId), signal).then((page) => page.items),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  });
}

export function useChangeEncoder(cameraId: string, token: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (changes: Partial<EncoderSettings>) =>
      sendJson<EncoderChange>('PATCH', at(cameraId, `/${encodeURIComponent(token)}`), changes),
    // Of others too: cameras take from one encoder what they give to another.
    onSettled: () => client.invalidateQueries({ queryKey: key(cameraId) }),
  });
}
