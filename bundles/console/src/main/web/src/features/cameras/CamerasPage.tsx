// SPDX-License-Identifier: Apache-2.0
import { Alert, Button, Group, Text, TextInput, Title } from '@mantine/core';
import { IconPencil, IconPlus, IconSearch } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useCameras } from '../../api/queries';
import type { Camera } from '../../api/types';
import { stateText } from '../../ui/CameraStateIcon';
import { useMay } from '../../ui/permissions';
import { problemText } from '../../ui/problemText';
import { BulkDialog } from './bulk/BulkDialog';
import { CameraDialog } from './CameraDialog';
import classes from './CamerasPage.module.css';
import { CameraTable } from './CameraTable';
import { DeleteDialog } from './DeleteDialog';

const NEW = 'new';

/** All cameras with their state; adding, changing and removing them for those who may. The address holds the open dialog. */
export function CamerasPage() {
  const { t } = useTranslation();
  const cameras = useCameras();
  const canManage = useMay('manage_cameras');
  const [search, setSearch] = useSearchParams();
  const [filter, setFilter] = useState('');
  const [removing, setRemoving] = useState<Camera>();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [together, setTogether] = useState<Camera[]>();
  const editing = search.get('edit');

  const shown = useMemo(() => {
    const words = filter.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    return (cameras.data ?? []).filter((camera) => {
      const text =
        `${camera.name} ${camera.address} ${camera.group ?? ''} ${camera.driver} ${stateText(camera.status)}`.toLocaleLowerCase();
      return words.every((word) => text.includes(word));
    });
  }, [cameras.data, filter]);

  const edit = (id: string | null) => setSearch(id ? { edit: id } : {}, { replace: id === null });
  const edited = cameras.data?.find((camera) => camera.id === editing);
  const several = cameras.data?.filter((camera) => chosen.has(camera.id)) ?? [];

  return (
    <div className={classes.page}>
      <Group justify="space-between" px="lg" py="md" gap="sm">
        <Group gap="sm" align="baseline" wrap="nowrap">
          <Title order={1} size="h3">
            {t('cameras.title')}
          </Title>
          {cameras.data && (
            <Text size="sm" c="dimmed">
              {t('cameras.count', { count: cameras.data.length })}
            </Text>
          )}
        </Group>
        <Group gap="sm">
          <TextInput
            size="xs"
            w={{ base: 130, xs: 200 }}
            placeholder={t('tree.filter')}
            aria-label={t('tree.filter')}
            leftSection={<IconSearch size={14} />}
            value={filter}
            onChange={(event) => setFilter(event.currentTarget.value)}
          />
          {canManage && several.length > 0 && (
            <Button
              size="xs"
              variant="light"
              leftSection={<IconPencil size={16} />}
              onClick={() => setTogether(several)}
              data-testid="cameras-bulk"
            >
              {t('bulk.open', { count: several.length })}
            </Button>
          )}
          {canManage && (
            <Button
              size="xs"
              leftSection={<IconPlus size={16} />}
              onClick={() => edit(NEW)}
              data-testid="camera-add"
            >
              {t('cameras.add')}
            </Button>
          )}
        </Group>
      </Group>
      {cameras.error && (
        <Alert color="red" mx="lg" mb="sm" variant="light">
          {problemText(cameras.error)}
        </Alert>
      )}
      {cameras.data && (
        <CameraTable
          cameras={shown}
          canManage={canManage}
          chosen={chosen}
          onChoose={setChosen}
          emptyText={t(cameras.data.length === 0 ? 'cameras.none' : 'tree.nothing')}
          onEdit={(camera) => edit(camera.id)}
          onDelete={setRemoving}
        />
      )}
      {canManage && (editing === NEW || edited) && (
        <CameraDialog key={editing} existing={edited} onClose={() => edit(null)} />
      )}
      {together && (
        <BulkDialog
          chosen={together}
          onClose={(left) => {
            setTogether(undefined);
            setChosen(new Set(left.map(({ id }) => id)));
          }}
        />
      )}
      {removing && <DeleteDialog camera={removing} onClose={() => setRemoving(undefined)} />}
    </div>
  );
}
