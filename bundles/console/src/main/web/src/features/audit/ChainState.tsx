// SPDX-License-Identifier: Apache-2.0
import { Button, Group, List, Modal, Text } from '@mantine/core';
import { IconShieldCheck, IconShieldExclamation, IconShieldQuestion } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AuditVerdict, useVerifyAudit } from '../../api/audit';
import { number } from '../../ui/number';
import { problemText } from '../../ui/problemText';
import { toast } from '../../ui/toast';

/** More than anybody reads here; the command at the server tells all. */
const FAULTS_SHOWN_MAX = 50;

/** Whether the entries are as they were written: asked for, since it reads all of them. */
export function ChainState() {
  const { t } = useTranslation();
  const verify = useVerifyAudit();
  const [open, setOpen] = useState(false);
  const verdict = verify.data;
  const [Icon, colour] = verdict
    ? verdict.whole
      ? [IconShieldCheck, 'teal']
      : [IconShieldExclamation, 'red']
    : [IconShieldQuestion, undefined];

  return (
    <>
      <Button
        size="xs"
        variant="default"
        leftSection={
          <Icon size={16} color={colour && `var(--mantine-color-${colour}-5)`} aria-hidden="true" />
        }
        loading={verify.isPending}
        onClick={() =>
          verify.mutate(undefined, {
            onSuccess: () => setOpen(true),
            onError: (error) => toast(problemText(error), 'error'),
          })
        }
        data-testid="audit-verify"
        data-whole={verdict?.whole}
      >
        {t(verdict ? (verdict.whole ? 'audit.chain.whole' : 'audit.chain.broken') : 'audit.chain.verify')}
      </Button>
      {open && verdict && (
        <Modal
          opened
          onClose={() => setOpen(false)}
          title={t(verdict.whole ? 'audit.chain.whole' : 'audit.chain.broken')}
          closeButtonProps={{ 'aria-label': t('common.close') }}
        >
          <Verdict verdict={verdict} />
          <Group justify="flex-end" mt="md">
            <Button variant="default" onClick={() => setOpen(false)} data-testid="audit-verdict-close">
              {t('common.close')}
            </Button>
          </Group>
        </Modal>
      )}
    </>
  );
}

function Verdict({ verdict }: { verdict: AuditVerdict }) {
  const { t } = useTranslation();
  const { whole, entries, faults, acknowledged, others } = verdict;
  const servers = Object.values(others);
  return (
    <div data-testid="audit-verdict">
      <Text size="sm">
        {t(whole ? 'audit.chain.wholeText' : 'audit.chain.brokenText', { entries: number(entries) })}
      </Text>
      {faults.length > 0 && (
        <List size="sm" mt="sm" lang="en">
          {faults.slice(0, FAULTS_SHOWN_MAX).map((fault) => (
            <List.Item key={fault}>{fault}</List.Item>
          ))}
        </List>
      )}
      {faults.length > FAULTS_SHOWN_MAX && (
        <Text size="sm" c="dimmed" mt="xs">
          {t('audit.chain.more', { count: faults.length - FAULTS_SHOWN_MAX })}
        </Text>
      )}
      {acknowledged.length > 0 && (
        <Text size="sm" c="dimmed" mt="sm" data-testid="audit-acknowledged">
          {t('audit.chain.acknowledged', { count: acknowledged.length })}
        </Text>
      )}
      {servers.length > 0 && (
        <Text size="sm" c="dimmed" mt="sm">
          {t('audit.chain.others', {
            count: servers.length,
            entries: number(servers.reduce((sum, each) => sum + each, 0)),
          })}
        </Text>
      )}
    </div>
  );
}
