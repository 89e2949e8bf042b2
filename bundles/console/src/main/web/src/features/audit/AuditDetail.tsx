// SPDX-License-Identifier: Apache-2.0
import { Modal, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '../../api/audit';
import { preciseTime } from '../../ui/time';
import { actionText, changesText, outcomeOf } from './actionText';
import { type Names, subjectText, withNames } from './names';

interface Props {
  entry: AuditEntry;
  names: Names;
  onClose: () => void;
}

/** All that was noted of one thing that was done. */
export function AuditDetail({ entry, names, onClose }: Props) {
  const { t } = useTranslation();
  const { subject = '' } = entry;
  const facts: [string, string | undefined][] = [
    ['time', preciseTime(Date.parse(entry.at))],
    ['who', entry.user],
    ['key', entry.apiKey],
    ['what', entry.action],
    ['outcome', t(`audit.${outcomeOf(entry)}`)],
    // With what was noted: names change.
    ['subject', subject && `${subjectText(subject, names)} (${subject})`],
    ['address', entry.address],
    ['server', entry.serverId],
    ['sequence', String(entry.sequence)],
    ['hash', entry.hash],
  ];
  const changes = changesText(entry).map((change) => withNames(change, names));
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={actionText(entry.action)}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Table verticalSpacing={6} data-testid="audit-detail">
        <Table.Tbody>
          {facts.map(
            ([name, value]) =>
              value && (
                <Table.Tr key={name}>
                  <Table.Th w={150}>{t(`audit.column.${name}`)}</Table.Th>
                  <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
                </Table.Tr>
              ),
          )}
          {changes.length > 0 && (
            <Table.Tr>
              <Table.Th>{t('audit.column.changes')}</Table.Th>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>
                {changes.map((change) => (
                  <Text key={change} size="sm">
                    {change}
                  </Text>
                ))}
              </Table.Td>
            </Table.Tr>
          )}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
