// SPDX-License-Identifier: Apache-2.0
import { Select, type SelectProps } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useCameras } from '../../api/queries';
import type { Camera } from '../../api/types';

interface Place {
  value: string;
  label: string;
}

/** A group and the groups around it: "North/Gate" is within "North". */
function groupsOf(cameras: Camera[]): string[] {
  const paths = cameras.flatMap((camera) => {
    const levels = (camera.group ?? '')
      .split('/')
      .map((level) => level.trim())
      .filter(Boolean);
    return levels.map((_, index) => levels.slice(0, index + 1).join('/'));
  });
  return [...new Set(paths)].sort((a, b) => a.localeCompare(b));
}

/** The places of the tree at which rights count. */
export function usePlaces(): Place[] {
  const { t } = useTranslation();
  const cameras = useCameras().data ?? [];
  return [
    { value: 'site', label: t('rights.everywhere') },
    ...groupsOf(cameras).map((path) => ({
      value: `group/${path}`,
      label: t('rights.group', { name: path }),
    })),
    ...cameras.map((camera) => ({
      value: `camera/${camera.id}`,
      label: t('rights.camera', { name: camera.name }),
    })),
  ];
}

/** A place in words; one that is not there any more by its own name. */
export function placeName(places: Place[], scope: string): string {
  return places.find((place) => place.value === scope)?.label ?? scope;
}

export function PlaceSelect(props: SelectProps) {
  return <Select allowDeselect={false} searchable data={usePlaces()} {...props} />;
}
