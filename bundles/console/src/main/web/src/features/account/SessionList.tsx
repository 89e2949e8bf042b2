// SPDX-License-Identifier: Apache-2.0
import { Alert, Badge, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type SignedInSession, useEndSession, useSessions } from '../../api/account';
import type { User } from '../../api/users';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { problemText } from '../../ui/problemText';
import { dateTime } from '../../ui/time';
import { toast } from '../../ui/toast';
import { clientName } from './clientName';

/**
 * Where a user is signed in; whoever finds a stranger there ends it.
 *
 * @param of somebody else; left out for the own
 */
export function SessionList({ of }: { of?: User }) {
  const { t } = useTranslation();
  const sessions = useSessions(of?.id);
  const ending = useEndSession(of?.id);
  const [endingAll, setEndingAll] = useState(false);
  const failed = sessions.error ?? ending.error;
  const others = sessions.data?.some((session) => !session.current);
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        {of ? t('account.sessions.titleOf', { name: of.username }) : t('account.sessions.title')}
      </Title>
      {failed && (
        <Alert color="red" variant="light" mb="sm" role="alert">
          {problemText(failed)}
        </Alert>
      )}
      {sessions.data?.length === 0 && (
        <Text size="sm" c="dimmed" data-testid="sessions-none">
          {t('account.sessions.none')}
        </Text>
      )}
      <Stack gap="sm" data-testid="sessions">
        {sessions.data?.map((session) => (
          <SessionLine
            key={session.id}
            session={session}
            onEnd={() => ending.mutate(session.id, { onSuccess: () => toast(t('account.sessions.ended')) })}
          />
        ))}
      </Stack>
      {others && (
        <Button
          variant="default"
          size="xs"
          mt="md"
          onClick={() => setEndingAll(true)}
          data-testid="sessions-end-others"
        >
          {t(of ? 'account.sessions.endAll' : 'account.sessions.endOthers')}
        </Button>
      )}
      {endingAll && <EndAllDialog of={of} onClose={() => setEndingAll(false)} />}
    </section>
  );
}

function EndAllDialog({ of, onClose }: { of?: User; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <ConfirmDialog
      title={t(of ? 'account.sessions.endAll' : 'account.sessions.endOthers')}
      text={
        of ? t('account.sessions.endAllText', { name: of.username }) : t('account.sessions.endOthersText')
      }
      action={t('account.sessions.signOut')}
      task={useEndSession(of?.id)}
      value={undefined}
      done={t(of ? 'account.sessions.endedAll' : 'account.sessions.endedOthers')}
      testId="sessions"
      onClose={onClose}
    />
  );
}

function SessionLine({ session, onEnd }: { session: SignedInSession; onEnd: () => void }) {
  const { t } = useTranslation();
  const client = clientName(session.client);
  return (
    <Group justify="space-between" wrap="nowrap" data-testid={`session-${session.id}`}>
      <div>
        <Text size="sm" fw={600} lineClamp={2} title={session.client}>
          {client}
        </Text>
        <Text size="xs" c="dimmed">
          {t('account.sessions.seen', {
            address: session.address ?? '?',
            begun: dateTime(Date.parse(session.begun)),
            seen: dateTime(Date.parse(session.seen)),
          })}
        </Text>
      </div>
      {session.current ? (
        <Badge variant="light" flex="none">
          {t('account.sessions.this')}
        </Badge>
      ) : (
        <Button
          variant="subtle"
          size="compact-sm"
          flex="none"
          onClick={onEnd}
          aria-label={`${t('account.sessions.end')}: ${client}`}
          data-testid={`session-end-${session.id}`}
        >
          {t('account.sessions.end')}
        </Button>
      )}
    </Group>
  );
}
