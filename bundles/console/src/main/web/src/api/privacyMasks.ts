// SPDX-License-Identifier: Apache-2.0
// What a camera itself hides of its picture. What it has afterwards need not be what was asked for: it says so itself.
import { useQuery } from '@tanstack/react-query';
import { getJson, request, sendJson } from './client';

/** 0 to 1 from the left and from the top. */
export type MaskPoint = [number, number];

/** How a mask is; what the camera does not tell is left out. */
export interface MaskSettings {
  points: MaskPoint[];
  kind: 'color' | 'pixelated' | 'blurred' | 'other' | string;
  color?: string;
  on: boolean;
}

export interface PrivacyMask extends MaskSettings {
  token: string;
}

export interface PrivacyMaskOptions {
  masksMax: number;
  pointsMax: number;
  rectangleOnly: boolean;
  kinds: string[];
  anyColor: boolean;
  colors: string[];
  oneColor: boolean;
  /** One that is not among them is not masked. */
  streams: string[];
}

export interface PrivacyMasks {
  options: PrivacyMaskOptions;
  items: PrivacyMask[];
}

export interface MaskChange {
  mask: PrivacyMask;
  differences: { field: string; wanted: string; got: string }[];
}

const at = (cameraId: string, token?: string) =>
  `/api/v1/cameras/${encodeURIComponent(cameraId)}/privacy-masks${token === undefined ? '' : `/${encodeURIComponent(token)}`}`;

export function usePrivacyMasks(cameraId: string) {
  return useQuery({
    queryKey: ['control', cameraId, 'privacy-masks'],
    queryFn: ({ signal }) => getJson<PrivacyMasks>(at(cameraId), signal),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  });
}

export const addMask = (cameraId: string, mask: MaskSettings) =>
  sendJson<MaskChange>('POST', at(cameraId), mask);

export const changeMask = (cameraId: string, token: string, changes: Partial<MaskSettings>) =>
  sendJson<MaskChange>('PATCH', at(cameraId, token), changes);

export const removeMask = (cameraId: string, token: string) =>
  request(at(cameraId, token), { method: 'DELETE' });
