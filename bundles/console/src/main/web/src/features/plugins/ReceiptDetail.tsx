// SPDX-License-Identifier: Apache-2.0
import { Alert, Button, Group, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { SwapFrames, SwapReceipt } from '../../api/plugins';
import { useCameras } from '../../api/queries';
import { wordFor } from '../../i18n';
import { saveText } from '../../ui/download';
import { tenths } from '../../ui/number';
import { duration } from '../../ui/time';
import classes from './PluginsPage.module.css';

/** A receipt in full: why it was refused, frames of each camera, bundles touched, whether it is signed. */
export function ReceiptDetail({ receipt }: { receipt: SwapReceipt }) {
  const { t } = useTranslation();
  const { detail, bundles, bundlesCompared, ended, begun, signature, frames } = receipt;
  return (
    <>
      {detail && (
        <Alert
          color={receipt.outcome === 'done' ? 'signal' : 'red'}
          variant="light"
          p="xs"
          mb="sm"
          data-testid="receipt-detail"
        >
          <span lang="en">{detail}</span>
        </Alert>
      )}
      {ended && (
        <Text size="xs">
          {t('receipts.took', { time: duration(Date.parse(ended) - Date.parse(begun)) })}{' '}
          {t('receipts.compared', { count: bundlesCompared })}
        </Text>
      )}
      {bundles.map(({ id, location, installed }) => (
        <Text key={`${id} ${installed}`} size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {t(installed ? 'receipts.came' : 'receipts.went', { id, location })}
        </Text>
      ))}
      {frames.length > 0 && <FramesTable receipt={receipt} />}
      <Group gap="sm" mt="sm">
        <Text size="xs" c="dimmed" data-testid="receipt-signed" data-signed={signature !== undefined}>
          {t(signature ? 'receipts.signed' : 'receipts.unsigned')}
        </Text>
        {signature && (
          <Button
            size="compact-xs"
            variant="default"
            leftSection={<IconDownload size={14} />}
            onClick={() => saveText(signature, `swap-receipt-${receipt.id}.jws`, 'application/jose')}
          >
            {t('receipts.save')}
          </Button>
        )}
      </Group>
    </>
  );
}

/** Pictures of each stream before, while and after the plugin was exchanged. */
function FramesTable({ receipt: { frames, windows } }: { receipt: SwapReceipt }) {
  const { t } = useTranslation();
  const cameras = useCameras().data ?? [];
  const nameOf = ({ stream }: SwapFrames) =>
    cameras.find(({ id }) => id === stream.cameraId)?.name ?? stream.cameraId;
  const column = (key: string, ms: number | undefined) => (
    <th scope="col" className={classes.number}>
      {t(key)}
      {ms !== undefined && (
        <span className={classes.code}>{ms < 1000 ? `${ms} ms` : `${tenths(ms / 1000)} s`}</span>
      )}
    </th>
  );
  return (
    <section className={classes.scroll} aria-label={t('receipts.frames')}>
      <table className={classes.table} style={{ maxWidth: 640, marginTop: 10 }} data-testid="receipt-frames">
        <thead>
          <tr>
            <th scope="col">{t('receipts.camera')}</th>
            {column('receipts.before', windows?.beforeMs)}
            {column('receipts.during', windows?.duringMs)}
            {column('receipts.after', windows?.afterMs)}
            {column('receipts.lostColumn', undefined)}
          </tr>
        </thead>
        <tbody>
          {frames.map((each) => (
            <tr key={`${each.stream.cameraId} ${each.stream.role}`}>
              <td>
                {nameOf(each)}{' '}
                <Text span size="xs" c="dimmed">
                  {wordFor('stream', each.stream.role)}
                  {!each.whole && ` · ${t('receipts.notWhole')}`}
                </Text>
              </td>
              <td className={classes.number}>{each.before}</td>
              <td className={classes.number}>{each.during}</td>
              <td className={classes.number}>{each.after}</td>
              <td className={`${classes.number} ${each.lost > 0 ? classes.bad : ''}`}>{each.lost}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
