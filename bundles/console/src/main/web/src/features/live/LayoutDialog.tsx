// SPDX-License-Identifier: Apache-2.0
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSaveLayout, type WallLayout } from '../../api/layouts';
import { useCameras } from '../../api/queries';
import { changesOf, KeptDialog, useKept } from './KeptDialog';
import { useKeptLayouts } from './useKeptLayouts';
import { useLayouts, wallOf } from './useLayouts';
import { useWall } from './useWall';

interface Props {
  /** The one whose name, lock and sharing are changed; else the wall is kept as a new one. */
  existing?: WallLayout;
  onClose: () => void;
}

/** Under which name a wall is kept, for whom, and whether it is to stay so. */
export function LayoutDialog({ existing, onClose }: Props) {
  const { t } = useTranslation();
  const { walls, tours } = useKeptLayouts();
  const cameras = useCameras().data;
  const save = useSaveLayout();
  const kept = useKept(existing);
  const { name, roles, locked, draft } = kept;
  const namesake = [...walls, ...tours].find(
    (one) => one.own && one.name === name && one.id !== existing?.id,
  );
  // One's own wall of that name is replaced; anything else of that name stays.
  const replaced = existing === undefined && namesake?.wall && namesake.editable ? namesake : undefined;

  function submit() {
    const wall = wallOf(useWall.getState(), cameras);
    // Whoever has the one that is replaced keeps it, unless others are named.
    const instead = { wall, ...(roles.length > 0 ? { roles } : {}), ...(locked ? { locked } : {}) };
    save.mutate(
      existing
        ? { existing, draft: changesOf(existing, draft) }
        : { existing: replaced, draft: replaced ? instead : { wall, ...draft } },
      {
        onSuccess: ({ id }) => {
          useLayouts.getState().settle(id);
          onClose();
        },
      },
    );
  }

  return (
    <KeptDialog
      title={existing ? t('layouts.settingsTitle', { name: existing.name }) : t('layouts.newTitle')}
      kept={kept}
      save={save}
      onSubmit={submit}
      onClose={onClose}
      testId="layout"
    >
      {namesake && (
        <Text size="xs" role="status">
          {replaced ? t('layouts.taken') : t('layouts.namesake')}
        </Text>
      )}
    </KeptDialog>
  );
}
