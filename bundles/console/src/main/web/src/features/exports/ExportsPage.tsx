// SPDX-License-Identifier: Apache-2.0
import { Button, Text } from '@mantine/core';
import { IconPlus, IconShieldCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { type Export, isOpen, useExports, useRemoveExport } from '../../api/exports';
import { useCameras } from '../../api/queries';
import { serverClock } from '../../api/serverClock';
import { useSession } from '../../api/session';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { Guarded, PageFrame } from '../../ui/PageFrame';
import { useMay } from '../../ui/permissions';
import { ZoneNote } from '../../ui/ZoneNote';
import { ExportCard } from './ExportCard';
import classes from './ExportCard.module.css';
import { ExportDialog } from './ExportDialog';
import { LockedDialog } from './LockedDialog';

const OFFERED_MS = 10 * 60_000;
/** What is newest may not be written yet. */
const NEWEST_MS = 2_000;

/** Footage that is taken away: ordered, watched while it is made, fetched and removed. */
export function ExportsPage() {
  return (
    <Guarded by="export" testId="exports">
      <Exports />
    </Guarded>
  );
}

function Exports() {
  const { t } = useTranslation();
  const exports = useExports();
  const cameras = useCameras().data;
  const username = useSession((state) => state.user?.username);
  const managesStorage = useMay('manage_storage');
  const [ordering, setOrdering] = useState(false);
  const [removing, setRemoving] = useState<Export>();
  const [locking, setLocking] = useState<Export>();
  const now = serverClock.now() - NEWEST_MS;
  return (
    <PageFrame
      title={t('exports.title')}
      text={
        <>
          {t('exports.explained')} <ZoneNote />
        </>
      }
      error={exports.error}
      actions={
        <>
          <Button
            component={Link}
            to="/exports/verify"
            size="xs"
            variant="default"
            leftSection={<IconShieldCheck size={16} />}
            data-testid="exports-verify"
          >
            {t('verify.title')}
          </Button>
          <Button
            size="xs"
            leftSection={<IconPlus size={16} />}
            onClick={() => setOrdering(true)}
            data-testid="export-new"
          >
            {t('exports.new')}
          </Button>
        </>
      }
    >
      {exports.data?.length === 0 && (
        <Text size="sm" c="dimmed" data-testid="exports-none">
          {t('exports.none')}
        </Text>
      )}
      <ul className={classes.list} aria-label={t('exports.title')}>
        {exports.data?.map((item) => (
          <ExportCard
            key={item.id}
            item={item}
            nameOf={(cameraId) => cameras?.find(({ id }) => id === cameraId)?.name}
            removable={managesStorage || item.createdBy === username}
            onRemove={setRemoving}
            onLock={setLocking}
          />
        ))}
      </ul>
      {ordering && (
        <ExportDialog
          cameraIds={[]}
          offered={{ from: now - OFFERED_MS, to: now }}
          onOrdered={() => setOrdering(false)}
          onClose={() => setOrdering(false)}
        />
      )}
      {locking && <LockedDialog item={locking} onClose={() => setLocking(undefined)} />}
      {removing && <RemoveDialog item={removing} onClose={() => setRemoving(undefined)} />}
    </PageFrame>
  );
}

function RemoveDialog({ item, onClose }: { item: Export; onClose: () => void }) {
  const { t } = useTranslation();
  const open = isOpen(item);
  return (
    <ConfirmDialog
      title={t(open ? 'exports.cancelTitle' : 'exports.removeTitle')}
      text={t(open ? 'exports.cancelText' : 'exports.removeText')}
      action={t(open ? 'exports.cancel' : 'exports.remove')}
      danger
      task={useRemoveExport()}
      value={item}
      done={t(open ? 'exports.cancelled' : 'exports.removed')}
      testId="export"
      onClose={onClose}
    />
  );
}
