// SPDX-License-Identifier: Apache-2.0
import { createBrowserRouter, Navigate } from 'react-router';
import { PageError } from '../features/shell/PageError';
import { Shell } from '../features/shell/Shell';

export const router = createBrowserRouter(
  [
    {
      element: <Shell />,
      // Until the page of the address is there.
      hydrateFallbackElement: <></>,
      errorElement: <PageError />,
      children: [
        { index: true, element: <Navigate to="/live" replace /> },
        {
          path: 'live',
          lazy: () => import('../features/live/LivePage').then((page) => ({ Component: page.LivePage })),
        },
        {
          path: 'playback/:cameraId?',
          lazy: () =>
            import('../features/playback/PlaybackPage').then((page) => ({ Component: page.PlaybackPage })),
        },
        {
          path: 'events',
          lazy: () =>
            import('../features/events/EventsPage').then((page) => ({ Component: page.EventsPage })),
        },
        {
          path: 'exports',
          lazy: () =>
            import('../features/exports/ExportsPage').then((page) => ({ Component: page.ExportsPage })),
        },
        {
          path: 'exports/verify',
          lazy: () =>
            import('../features/exports/verify/VerifyPage').then((page) => ({ Component: page.VerifyPage })),
        },
        {
          path: 'cameras',
          lazy: () =>
            import('../features/cameras/CamerasPage').then((page) => ({ Component: page.CamerasPage })),
        },
        {
          path: 'health',
          lazy: () =>
            import('../features/health/HealthPage').then((page) => ({ Component: page.HealthPage })),
        },
        {
          path: 'volumes',
          lazy: () =>
            import('../features/volumes/VolumesPage').then((page) => ({ Component: page.VolumesPage })),
        },
        {
          path: 'control/:cameraId',
          lazy: () =>
            import('../features/control/ControlPage').then((page) => ({ Component: page.ControlPage })),
        },
        {
          path: 'plugins',
          lazy: () =>
            import('../features/plugins/PluginsPage').then((page) => ({ Component: page.PluginsPage })),
        },
        {
          path: 'users',
          lazy: () => import('../features/users/UsersPage').then((page) => ({ Component: page.UsersPage })),
        },
        {
          path: 'users/:userId/rights',
          lazy: () => import('../features/roles/RightsPage').then((page) => ({ Component: page.RightsPage })),
        },
        {
          path: 'roles',
          lazy: () => import('../features/roles/RolesPage').then((page) => ({ Component: page.RolesPage })),
        },
        {
          path: 'sessions',
          lazy: () =>
            import('../features/sessions/SessionsPage').then((page) => ({ Component: page.SessionsPage })),
        },
        {
          path: 'keys',
          lazy: () => import('../features/keys/KeysPage').then((page) => ({ Component: page.KeysPage })),
        },
        {
          path: 'audit',
          lazy: () => import('../features/audit/AuditPage').then((page) => ({ Component: page.AuditPage })),
        },
        {
          path: 'webhooks',
          lazy: () =>
            import('../features/webhooks/WebhooksPage').then((page) => ({ Component: page.WebhooksPage })),
        },
        {
          path: 'account',
          lazy: () =>
            import('../features/account/AccountPage').then((page) => ({ Component: page.AccountPage })),
        },
        {
          path: 'servers',
          lazy: () =>
            import('../features/servers/ServersPage').then((page) => ({ Component: page.ServersPage })),
        },
        {
          path: 'extensions/:extensionId/:name/*',
          lazy: () =>
            import('../features/extensions/ExtensionPage').then((page) => ({
              Component: page.ExtensionPage,
            })),
        },
        { path: '*', element: <PageError notFound /> },
      ],
    },
  ],
  { basename: '/console' },
);
