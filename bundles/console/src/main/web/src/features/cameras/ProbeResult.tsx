// SPDX-License-Identifier: Apache-2.0
import { Alert, Table } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ProbeReport } from '../../api/types';
import { codecName, playableType } from '../../player/mse/codecs';
import { tenths } from '../../ui/number';

/** What a test has found, and whether this browser can show it. */
export function ProbeResult({ report }: { report: ProbeReport }) {
  const { t } = useTranslation();
  const { manufacturer, model, firmware } = report.identity;
  const device = [manufacturer, model, firmware].filter(Boolean).join(' ');
  return (
    <Alert
      color="teal"
      variant="light"
      icon={<IconCheck size={18} />}
      title={t('probe.found', { seconds: tenths(report.durationMs / 1000) })}
      data-testid="probe-result"
    >
      {device && <div>{device}</div>}
      <Table fz="xs" mt={4} verticalSpacing={3} horizontalSpacing="xs" withRowBorders={false}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('probe.stream')}</Table.Th>
            <Table.Th>{t('probe.codec')}</Table.Th>
            <Table.Th>{t('probe.size')}</Table.Th>
            <Table.Th>{t('probe.rate')}</Table.Th>
            <Table.Th>{t('probe.keyFrame')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {report.streams.map((stream) => (
            <Table.Tr key={`${stream.role}-${stream.name}`}>
              <Table.Td>{t(`stream.${stream.role}`)}</Table.Td>
              <Table.Td>
                {codecName(stream.codecs)}
                {stream.hasAudio && ` + ${t('probe.audio')}`}
                {!playableType(stream.codecs) && ` (${t('probe.notPlayable')})`}
              </Table.Td>
              <Table.Td>
                {stream.width}×{stream.height}
              </Table.Td>
              <Table.Td>{stream.frameRate ? `${Math.round(stream.frameRate)} fps` : '–'}</Table.Td>
              <Table.Td>{tenths(stream.firstKeyFrameMs / 1000)} s</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Alert>
  );
}
