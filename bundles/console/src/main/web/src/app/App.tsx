// SPDX-License-Identifier: Apache-2.0
import { DirectionProvider, MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { RouterProvider } from 'react-router';
import { useConnection, watchConnection } from '../api/connection';
import { createQueryClient } from '../api/queries';
import { resumeSession, useSession } from '../api/session';
import { EnrolPage } from '../features/account/EnrolPage';
import { LoginPage } from '../features/login/LoginPage';
import { PasswordPage } from '../features/login/PasswordPage';
import { ReloginDialog } from '../features/login/ReloginDialog';
import { ConnectionBanner } from '../features/shell/ConnectionBanner';
import { UnreachablePage } from '../features/shell/UnreachablePage';
import { Toasts } from '../ui/toast';
import { router } from './router';
import { theme } from './theme';

const RESUME_RETRY_MS = 2_000;

export function App() {
  const [client] = useState(createQueryClient);
  return (
    <DirectionProvider>
      <MantineProvider theme={theme} defaultColorScheme="dark">
        <QueryClientProvider client={client}>
          <ConnectionBanner />
          <Gate onRecovered={() => void client.invalidateQueries()} onSignedOut={() => client.clear()} />
          <Toasts />
        </QueryClientProvider>
      </MantineProvider>
    </DirectionProvider>
  );
}

/** Decides between login, forced password change, forced second factor and the application. */
function Gate({ onRecovered, onSignedOut }: { onRecovered: () => void; onSignedOut: () => void }) {
  const phase = useSession((state) => state.phase);
  const mustChange = useSession((state) => state.user?.mustChangePassword ?? false);
  const mustEnrol = useSession((state) => state.user?.mustEnrolSecondFactor ?? false);
  const epoch = useConnection((state) => state.epoch);
  const lost = useConnection((state) => state.lost);
  useEffect(() => watchConnection(), []);
  useEffect(() => {
    if (phase !== 'unknown') {
      return;
    }
    let timer: ReturnType<typeof setTimeout>;
    const attempt = () => {
      resumeSession().catch(() => {
        timer = setTimeout(attempt, RESUME_RETRY_MS);
      });
    };
    attempt();
    return () => clearTimeout(timer);
  }, [phase]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs once for each recovery, not for a new callback
  useEffect(() => {
    if (epoch > 0) {
      onRecovered();
    }
  }, [epoch]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs once for each sign-out
  useEffect(() => {
    if (phase === 'anonymous') {
      onSignedOut();
    }
  }, [phase]);

  if (phase === 'unknown') {
    return lost ? <UnreachablePage /> : null;
  }
  if (phase === 'anonymous') {
    return <LoginPage />;
  }
  if (mustChange) {
    return <PasswordPage />;
  }
  if (mustEnrol) {
    return <EnrolPage />;
  }
  return (
    <>
      <RouterProvider router={router} />
      {phase === 'expired' && <ReloginDialog />}
    </>
  );
}
