// SPDX-License-Identifier: Apache-2.0
import { Alert, Button, Group, Menu, Text, Title } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AuditEntry, type AuditQuery, auditFile, useAudit } from '../../api/audit';
import { useApiKeys } from '../../api/keys';
import { useCameras } from '../../api/queries';
import { Guarded } from '../../ui/PageFrame';
import { useMay } from '../../ui/permissions';
import { problemText } from '../../ui/problemText';
import { ZoneNote } from '../../ui/ZoneNote';
import { AuditDetail } from './AuditDetail';
import { AuditFilter, useAuditFilter } from './AuditFilter';
import { AuditList } from './AuditList';
import classes from './AuditPage.module.css';
import { ChainState } from './ChainState';
import { namesOf } from './names';

/** Who did what, when and from where; that nobody has altered it; and all of it as a file. */
export function AuditPage() {
  return (
    <Guarded by="view_audit" testId="audit">
      <Audit />
    </Guarded>
  );
}

function Audit() {
  const { t } = useTranslation();
  const filter = useAuditFilter();
  const pages = useAudit(filter.query);
  const [shown, setShown] = useState<AuditEntry>();
  const entries = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data]);
  const cameras = useCameras().data;
  // Whose keys are whose is for who manages users; others know them by what the entries tell.
  const keys = useApiKeys(true, useMay('manage_users')).data;
  const names = useMemo(() => namesOf(cameras ?? [], entries, keys), [cameras, entries, keys]);
  // What failed is read on when somebody says so, not for ever by itself.
  const goesOn = pages.hasNextPage && !pages.isFetching && !pages.isFetchNextPageError;
  return (
    <div className={classes.page}>
      <Group justify="space-between" px="lg" pt="md" gap="sm">
        <Group gap="sm">
          <Title order={1} size="h3">
            {t('audit.title')}
          </Title>
          <Text size="xs" c="dimmed">
            <ZoneNote />
          </Text>
        </Group>
        <Group gap="xs">
          <ChainState />
          <ExportMenu query={filter.query} />
        </Group>
      </Group>
      <AuditFilter filter={filter} />
      {pages.error && (
        <Alert color="red" mx="lg" mb="sm" variant="light" role="alert">
          <Group justify="space-between" gap="sm">
            <span>{problemText(pages.error)}</span>
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => void (pages.data ? pages.fetchNextPage() : pages.refetch())}
              data-testid="audit-again"
            >
              {t('connection.now')}
            </Button>
          </Group>
        </Alert>
      )}
      {pages.data && (
        <AuditList
          entries={entries}
          names={names}
          more={goesOn ? () => void pages.fetchNextPage() : undefined}
          complete={!pages.hasNextPage}
          onShow={setShown}
        />
      )}
      {shown && <AuditDetail entry={shown} names={names} onClose={() => setShown(undefined)} />}
    </div>
  );
}

/** What is shown as a file, without an end: the server sends it as it reads it. */
function ExportMenu({ query }: { query: AuditQuery }) {
  const { t } = useTranslation();
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconDownload size={16} />}
          data-testid="audit-export"
        >
          {t('audit.export')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {(['csv', 'json'] as const).map((format) => (
          <Menu.Item
            key={format}
            component="a"
            href={auditFile(query, format)}
            download={`nxvms-audit.${format}`}
            data-testid={`audit-export-${format}`}
          >
            {t(`audit.format.${format}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
