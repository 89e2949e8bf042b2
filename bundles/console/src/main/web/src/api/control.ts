// SPDX-License-Identifier: Apache-2.0
// What a camera does beside sending pictures. Every question goes to the camera itself, so nothing here is asked often.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getJson, request, sendJson } from './client';
import { isWorthAnotherTry, nextTryMs } from './queries';
import type { DriverSetting, Page, Wording } from './types';

export type Axis = 'pan' | 'tilt' | 'zoom' | 'focus';

/** Speeds -1..1: greater is right, up, nearer, farther away. */
export type Motion = Partial<Record<Axis, number>>;

export interface PtzSpace {
  motion: 'absolute' | 'relative' | 'continuous' | string;
  axis: Axis | string;
  min: number;
  max: number;
  unit: 'fraction' | 'degrees' | 'magnification' | string;
}

export interface Ptz {
  spaces: PtzSpace[];
  position: Motion;
  /** What of its picture it can be told to look at; left out: nothing. */
  aim?: 'point' | 'box' | string;
}

/** A point of the picture, 0..1 from its left upper corner, and how much around it shall fill the picture. */
export interface Aim {
  x: number;
  y: number;
  part?: number;
}

export interface PtzPreset {
  token: string;
  name: string;
  /** The device's own, which is always there. */
  home: boolean;
  /** Whether it can be kept anew: under another name, or where the camera looks now. */
  changeable: boolean;
}

export interface PtzTour {
  token: string;
  name: string;
  running: boolean;
}

/** Whose turn it is to move a camera, as the user sees it. */
export interface PtzTurn {
  /** Who moved it last, while that counts; left out: nobody. */
  by?: string;
  own: boolean;
  /** Whether the user may move it now, and so take it over. */
  mayTake: boolean;
  freeInSeconds?: number;
}

export interface Imaging {
  settings: DriverSetting[];
  /** Left out where the camera does not say. */
  values: Record<string, string>;
  actions: { name: string; title: Wording }[];
}

export interface IoPort {
  id: string;
  name: string;
  direction: 'input' | 'output' | string;
  on: boolean;
}

export interface TalkFormat {
  codec: 'pcmu' | 'pcma' | 'aac' | 'opus' | string;
  sampleRateHz: number;
  channels: number;
}

export interface Talk {
  /** Best first. */
  formats: TalkFormat[];
  talker?: string;
}

/** By the camera's clock; `to` is missing while it is recorded. */
export interface EdgeRecording {
  id: string;
  from: string;
  to?: string;
}

export interface DeviceClock {
  time: string;
  /** How far it is ahead of the server's. */
  offsetMs: number;
}

const PORTS_POLL_MS = 3_000;
/** Somebody else who begins to move it is seen so soon. */
const TURN_POLL_MS = 1_000;
const TOURS_POLL_MS = 5_000;
const TALK_POLL_MS = 10_000;
const at = (cameraId: string, behind: string) => `/api/v1/cameras/${encodeURIComponent(cameraId)}${behind}`;

export const movePtz = (cameraId: string, motion: Motion, durationMs: number) =>
  sendJson<void>('POST', at(cameraId, '/ptz/move'), { ...motion, durationMs });

export const stepPtz = (cameraId: string, by: Motion) =>
  sendJson<void>('POST', at(cameraId, '/ptz/relative'), by);

export const aimPtz = (cameraId: string, aim: Aim) => sendJson<void>('POST', at(cameraId, '/ptz/aim'), aim);

export const stopPtz = (cameraId: string) => request(at(cameraId, '/ptz/stop'), { method: 'POST' });

const post = (cameraId: string, behind: string) => request(at(cameraId, behind), { method: 'POST' });

export function usePtz(cameraId: string) {
  return useQuery({
    queryKey: ['control', cameraId, 'ptz'],
    queryFn: ({ signal }) => getJson<Ptz>(at(cameraId, '/ptz'), signal),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  });
}

/** Asks the server alone, not the camera. */
export function usePtzTurn(cameraId: string) {
  return useQuery({
    queryKey: ['control', cameraId, 'turn'],
    queryFn: ({ signal }) => getJson<PtzTurn>(at(cameraId, '/ptz/turn'), signal),
    refetchInterval: TURN_POLL_MS,
  });
}

export function useTakeTurn(cameraId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => sendJson<PtzTurn>('POST', at(cameraId, '/ptz/turn'), undefined),
    onSuccess: (turn) => client.setQueryData(['control', cameraId, 'turn'], turn),
    onError: () => client.invalidateQueries({ queryKey: ['control', cameraId, 'turn'] }),
  });
}

export function usePresets(cameraId: string, enabled = true) {
  return useQuery({
    enabled,
    queryKey: ['control', cameraId, 'presets'],
    queryFn: ({ signal }) =>
      getJson<Page<PtzPreset>>(at(cameraId, '/ptz/presets'), signal).then((page) => page.items),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  });
}

export type PresetTask =
  | { kind: 'go' | 'forget' | 'here'; token: string }
  | { kind: 'keep'; name: string }
  | { kind: 'rename'; token: string; name: string };

export function usePresetTask(cameraId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (task: PresetTask): Promise<void> => {
      if (task.kind === 'keep') {
        await sendJson<PtzPreset>('POST', at(cameraId, '/ptz/presets'), { name: task.name });
        return;
      }
      const path = `/ptz/presets/${encodeURIComponent(task.token)}`;
      if (task.kind === 'go') {
        await post(cameraId, `${path}/go`);
      } else if (task.kind === 'rename') {
        await sendJson<PtzPreset>('PATCH', at(cameraId, path), { name: task.name });
      } else if (task.kind === 'here') {
        await sendJson<PtzPreset>('PATCH', at(cameraId, path), { here: true });
      } else {
        await request(at(cameraId, path), { method: 'DELETE' });
      }
    },
    onSettled: (_done, _error, { kind }) =>
      kind === 'go' ? undefined : client.invalidateQueries({ queryKey: ['control', cameraId, 'presets'] }),
  });
}

export function useTours(cameraId: string) {
  return useQuery({
    queryKey: ['control', cameraId, 'tours'],
    queryFn: ({ signal }) =>
      getJson<Page<PtzTour>>(at(cameraId, '/ptz/tours'), signal).then((page) => page.items),
    refetchInterval: TOURS_POLL_MS,
  });
}

export function useTourTask(cameraId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ token, action }: { token: string; action: 'start' | 'stop' }) =>
      post(cameraId, `/ptz/tours/${encodeURIComponent(token)}/${action}`),
    onSettled: () => client.invalidateQueries({ queryKey: ['control', cameraId, 'tours'] }),
  });
}

export function useImaging(cameraId: string) {
  return useQuery({
    queryKey: ['control', cameraId, 'imaging'],
    queryFn: ({ signal }) => getJson<Imaging>(at(cameraId, '/imaging'), signal),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  });
}

export function useChangeImaging(cameraId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (values: Record<string, string>) =>
      sendJson<Imaging>('PATCH', at(cameraId, '/imaging'), { values }),
    onSuccess: (imaging) => client.setQueryData(['control', cameraId, 'imaging'], imaging),
    // Somebody else may have changed it: what is there now is shown beside what was typed.
    onError: () => client.invalidateQueries({ queryKey: ['control', cameraId, 'imaging'] }),
  });
}

export function useImagingAction(cameraId: string) {
  return useMutation({
    mutationFn: (name: string) => post(cameraId, `/imaging/actions/${encodeURIComponent(name)}`),
  });
}

export function usePorts(cameraId: string) {
  return useQuery({
    queryKey: ['control', cameraId, 'io'],
    queryFn: ({ signal }) =>
      getJson<Page<IoPort>>(at(cameraId, '/device/io'), signal).then((page) => page.items),
    refetchInterval: PORTS_POLL_MS,
  });
}

export function useSetPort(cameraId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, on }: { id: string; on: boolean }) =>
      sendJson<void>('POST', at(cameraId, `/device/io/${encodeURIComponent(id)}`), { on }),
    onSettled: () => client.invalidateQueries({ queryKey: ['control', cameraId, 'io'] }),
  });
}

export function useTalk(cameraId: string) {
  return useQuery({
    queryKey: ['control', cameraId, 'talk'],
    queryFn: ({ signal }) => getJson<Talk>(at(cameraId, '/talk'), signal),
    refetchInterval: TALK_POLL_MS,
  });
}

/** @param range as the camera's clock counts */
export function useEdgeRecordings(cameraId: string, range: { from: number; to: number } | undefined) {
  return useQuery({
    queryKey: ['control', cameraId, 'edge', range?.from, range?.to],
    queryFn: ({ signal }) =>
      getJson<Page<EdgeRecording>>(
        at(cameraId, `/edge-recordings?from=${range?.from}&to=${range?.to}`),
        signal,
      ).then((page) => page.items),
    enabled: range !== undefined,
    staleTime: 30_000,
    refetchOnWindowFocus: false,
  });
}

/** Where the footage of a recording is fetched. */
export const edgeFile = (cameraId: string, recording: string, from: number, to: number) =>
  `/media/v1/edge/${encodeURIComponent(cameraId)}/${encodeURIComponent(recording)}?from=${from}&to=${to}`;

/** Asks first whether it would be sent: of a download that fails the browser shows no reason. */
export function useEdgeFetch() {
  return useMutation({ mutationFn: (url: string) => request(`${url}&try=true`) });
}

export function useDeviceClock(cameraId: string) {
  return useQuery({
    queryKey: ['control', cameraId, 'clock'],
    queryFn: ({ signal }) => getJson<DeviceClock>(at(cameraId, '/device/clock'), signal),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  });
}

export function useSyncClock(cameraId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => (await (await post(cameraId, '/device/clock/sync')).json()) as DeviceClock,
    onSuccess: (clock) => client.setQueryData(['control', cameraId, 'clock'], clock),
  });
}

export const DEVICE_LEVELS = ['administrator', 'operator', 'viewer'] as const;
export type DeviceLevel = (typeof DEVICE_LEVELS)[number];

/** Who may log in at the camera itself. */
export interface DeviceUser {
  name: string;
  level: DeviceLevel | 'other' | string;
  /** The server logs in by it. */
  ours: boolean;
}

export type DeviceUserTask =
  | { kind: 'add'; name: string; password: string; level: DeviceLevel }
  | { kind: 'change'; name: string; password?: string; level?: DeviceLevel }
  | { kind: 'remove'; name: string };

export function useDeviceUsers(cameraId: string) {
  return useQuery({
    queryKey: ['control', cameraId, 'users'],
    queryFn: ({ signal }) =>
      getJson<Page<DeviceUser>>(at(cameraId, '/device/users'), signal).then((page) => page.items),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  });
}

export function useDeviceUserTask(cameraId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ kind, name, ...rest }: DeviceUserTask): Promise<void> => {
      const path = at(cameraId, `/device/users${kind === 'add' ? '' : `/${encodeURIComponent(name)}`}`);
      if (kind === 'remove') {
        await request(path, { method: 'DELETE' });
      } else if (kind === 'add') {
        await sendJson<DeviceUser>('POST', path, { name, ...rest });
      } else {
        await sendJson<void>('PATCH', path, rest);
      }
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['control', cameraId, 'users'] }),
  });
}

export function useReboot() {
  return useMutation({ mutationFn: (cameraId: string) => post(cameraId, '/device/reboot') });
}

/** A picture that the camera takes itself: a moment later where it is busy, mostly with what this page has asked it. */
export function useDevicePicture() {
  return useMutation({
    mutationFn: async (cameraId: string) => {
      const answer = await request(at(cameraId, '/snapshot?source=device'), {
        headers: { Accept: 'image/jpeg' },
      });
      return answer.blob();
    },
    retry: isWorthAnotherTry,
    retryDelay: nextTryMs,
  });
}
