// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Badge, Button, SegmentedControl, Table, Text, Tooltip } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ApiKey, type NewApiKey, useApiKeys, useRemoveApiKey } from '../../api/keys';
import { serverClock } from '../../api/serverClock';
import { useSession } from '../../api/session';
import { useUsers } from '../../api/users';
import { wordFor } from '../../i18n';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { PageFrame } from '../../ui/PageFrame';
import { useMay } from '../../ui/permissions';
import { SecretDialog } from '../../ui/SecretDialog';
import { dateTime } from '../../ui/time';
import { KeyDialog } from './KeyDialog';

const DAY_MS = 86_400_000;
/** Time to make another and bring it to where this one is used. */
const SOON_DAYS = 14;
/** A phone: what does not fit beside the name stands below it. */
const NARROW = '(max-width: 48em)';

/** What programs call by: made, watched and removed. */
export function KeysPage() {
  const { t } = useTranslation();
  const manages = useMay('manage_users');
  const [all, setAll] = useState(false);
  const keys = useApiKeys(all);
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<NewApiKey>();
  const [removing, setRemoving] = useState<ApiKey>();
  return (
    <PageFrame
      title={t('keys.title')}
      text={t('keys.explained')}
      error={keys.error}
      actions={
        <>
          {manages && (
            <SegmentedControl
              size="xs"
              aria-label={t('keys.whose')}
              value={all ? 'all' : 'own'}
              onChange={(value) => setAll(value === 'all')}
              data={[
                { value: 'own', label: t('keys.own') },
                { value: 'all', label: t('keys.all') },
              ]}
              data-testid="keys-whose"
            />
          )}
          <Button
            size="xs"
            leftSection={<IconPlus size={16} />}
            onClick={() => setAdding(true)}
            data-testid="key-add"
          >
            {t('keys.add')}
          </Button>
        </>
      }
    >
      {keys.data?.length === 0 ? (
        <Text size="sm" c="dimmed" data-testid="keys-none">
          {t('keys.none')}
        </Text>
      ) : (
        keys.data && <KeyTable keys={keys.data} withOwner={all} onRemove={setRemoving} />
      )}
      {adding && (
        <KeyDialog
          onMade={(key) => {
            setAdding(false);
            setMade(key);
          }}
          onClose={() => setAdding(false)}
        />
      )}
      {made && (
        <SecretDialog
          title={t('keys.madeTitle', { name: made.details.name })}
          text={t('keys.madeText')}
          label={t('keys.key')}
          secret={made.key}
          testId="key"
          onKept={() => setMade(undefined)}
        />
      )}
      {removing && <RemoveDialog apiKey={removing} onClose={() => setRemoving(undefined)} />}
    </PageFrame>
  );
}

interface TableProps {
  keys: ApiKey[];
  withOwner: boolean;
  onRemove: (key: ApiKey) => void;
}

function KeyTable({ keys, withOwner, onRemove }: TableProps) {
  const { t } = useTranslation();
  const users = useUsers(withOwner).data;
  const narrow = useMediaQuery(NARROW);
  const columns = ['name', ...(withOwner ? ['owner'] : []), ...(narrow ? [] : ['scopes', 'expires', 'used'])];
  const may = (key: ApiKey) => (
    <Text size="xs" c="dimmed">
      {key.scopes.map((scope) => wordFor('permission', scope)).join(', ')}
    </Text>
  );
  const lastUsed = (key: ApiKey) => (key.used ? dateTime(Date.parse(key.used)) : t('keys.never'));
  return (
    <Table.ScrollContainer minWidth={narrow ? 300 : 640}>
      <Table maw={1100} verticalSpacing="sm" aria-label={t('keys.title')} data-testid="key-table">
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={column}>{t(`keys.column.${column}`)}</Table.Th>
            ))}
            <Table.Th>
              <span className="visually-hidden">{t('keys.remove')}</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {keys.map((key) => (
            <Table.Tr key={key.id} data-testid={`key-${key.name}`}>
              <Table.Td>
                <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
                  {key.name}
                </Text>
                {narrow && (
                  <>
                    {may(key)}
                    <Expiry expires={Date.parse(key.expires)} label={t('keys.column.expires')} />
                    <Text size="xs">{`${t('keys.column.used')}: ${lastUsed(key)}`}</Text>
                  </>
                )}
              </Table.Td>
              {withOwner && (
                <Table.Td>{users?.find(({ id }) => id === key.userId)?.username ?? key.userId}</Table.Td>
              )}
              {!narrow && (
                <>
                  <Table.Td>{may(key)}</Table.Td>
                  <Table.Td>
                    <Expiry expires={Date.parse(key.expires)} />
                  </Table.Td>
                  <Table.Td>
                    <Text size="sm">{lastUsed(key)}</Text>
                  </Table.Td>
                </>
              )}
              <Table.Td align="right">
                <Tooltip label={t('keys.remove')}>
                  <ActionIcon
                    aria-label={`${t('keys.remove')}: ${key.name}`}
                    onClick={() => onRemove(key)}
                    data-testid={`key-remove-${key.name}`}
                  >
                    <IconTrash size={17} />
                  </ActionIcon>
                </Tooltip>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** Until when it counts, and whether that is soon. */
function Expiry({ expires, label }: { expires: number; label?: string }) {
  const { t } = useTranslation();
  const days = Math.ceil((expires - serverClock.now()) / DAY_MS);
  return (
    <>
      <Text size={label ? 'xs' : 'sm'}>{`${label ? `${label}: ` : ''}${dateTime(expires)}`}</Text>
      {days <= 0 ? (
        <Badge size="sm" variant="light" color="red">
          {t('keys.expired')}
        </Badge>
      ) : (
        days <= SOON_DAYS && (
          <Badge size="sm" variant="light" color="yellow">
            {t('keys.soon', { count: days })}
          </Badge>
        )
      )}
    </>
  );
}

function RemoveDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const { t } = useTranslation();
  const mine = useSession((state) => state.user?.id) === apiKey.userId;
  const { name } = apiKey;
  return (
    <ConfirmDialog
      title={t('keys.removeTitle', { name })}
      text={t(mine ? 'keys.removeText' : 'keys.removeOthers')}
      action={t('keys.remove')}
      danger
      task={useRemoveApiKey()}
      value={apiKey}
      done={t('keys.removed', { name })}
      testId="key"
      onClose={onClose}
    />
  );
}
